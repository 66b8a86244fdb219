// A card with the entry of a number, taken from the page of provenance. Where that page cannot be
// read (a page opened from a disk), and for a click that opens a tab, the link stays a link.
"use strict";

(() => {
  const page = "provenance.html";
  const words = JSON.parse(document.getElementById("words").textContent).origins;
  const card = document.createElement("div");
  let entries;
  let opener;

  card.className = "card";
  card.popover = "auto";
  card.tabIndex = -1;
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-labelledby", "card-title");
  card.addEventListener("toggle", (event) => {
    opener.setAttribute("aria-expanded", String(event.newState === "open"));
  });

  async function read() {
    const answer = await fetch(page);
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  // A row of the table becomes a list of its filled cells, each under the heading of its column.
  function listed(row) {
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
  }

  function fill(row, address) {
    const title = document.createElement("h2");
    const more = document.createElement("p");
    const link = document.createElement("a");
    title.id = "card-title";
    title.append(document.importNode(row.cells[0].firstChild, true));
    more.className = "more";
    link.href = address;
    link.textContent = words.more;
    more.append(link);
    card.replaceChildren(title, listed(row), more);
  }

  // Below the number, inside the window, and above it where there is no room below.
  function place() {
    const number = opener.getBoundingClientRect();
    const box = card.getBoundingClientRect();
    const widest = document.documentElement.clientWidth - box.width - 12;
    const below = number.bottom + 8;
    const fits = below + box.height < window.innerHeight || number.top < box.height + 8;
    card.style.left = `${Math.max(12, Math.min(number.left, widest)) + window.scrollX}px`;
    card.style.top = `${(fits ? below : number.top - box.height - 8) + window.scrollY}px`;
  }

  async function show(link) {
    try {
      entries ??= read();
      const row = (await entries).getElementById(link.hash.slice(1));
      opener = link;
      fill(row, link.href);
      link.after(card);
      card.showPopover();
      place();
      card.focus({ preventScroll: true });
    } catch {
      location.assign(link.href);
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a:has(> data)");
    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.button !== 0 || !card.showPopover) return;
    event.preventDefault();
    show(link);
  });
})();
