// Where a number comes from: its entry, taken from the page of provenance, for its card; see cards.js.
const origins = {};
{
  const page = "provenance.html";
  const words = JSON.parse(document.getElementById("words").textContent).origins;
  let entries;

  const read = async () => {
    const answer = await fetch(page);
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  // A row of the table becomes a list of its filled cells, each under the heading of its column.
  const listed = (row) => {
    const list = document.createElement("dl");
    const heads = row.closest("table").tHead.rows[0].cells;
    [...row.cells].slice(1).forEach((cell, index) => {
      if (!cell.textContent) return;
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = heads[index + 1].textContent;
      value.append(...[...cell.childNodes].map((node) => document.importNode(node, true)));
      for (const link of value.querySelectorAll('a[href^="#"]')) {
        link.setAttribute("href", page + link.getAttribute("href"));
      }
      list.append(term, value);
    });
    return list;
  };

  // What the card of a number shows; it fails where the page cannot be read, as from a disk.
  origins.of = async (number) => {
    entries ??= read();
    const row = (await entries).getElementById(number.hash.slice(1));
    const title = document.createElement("h2");
    const more = document.createElement("p");
    const link = document.createElement("a");
    title.id = "card-title";
    title.append(document.importNode(row.cells[0].firstChild, true));
    more.className = "more";
    link.href = number.href;
    link.textContent = words.more;
    more.append(link);
    return [title, listed(row), more];
  };
}
