// The contents follow the reader, in the column at the left or in the bar; and links to the other
// languages lead to the place that is being read.
{
  const words = JSON.parse(document.getElementById("words").textContent).reading;
  const list = document.querySelector(".contents > ol");
  const places = [...document.querySelectorAll("main :is(h2, h3, h4, figure, .equation)[id]")];
  const headings = places.filter((place) => /^H[23]$/.test(place.tagName));
  const twins = [...document.querySelectorAll(".bar-links a[hreflang]")].map((link) => ({
    link,
    address: link.getAttribute("href"),
  }));

  // In the bar: the name of the present section, which opens the whole list.
  const menu = document.createElement("details");
  const title = document.createElement("summary");
  menu.className = "bar-contents";
  menu.append(title, list.cloneNode(true));
  document.querySelector(".bar-contents").replaceWith(menu);
  const closed = (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      title.focus();
    } else if (event.type === "click" && (!menu.contains(event.target) || event.target.closest("a"))) {
      menu.open = false;
    }
  };
  addEventListener("click", closed);
  addEventListener("keydown", closed);

  const entries = [...document.querySelectorAll(".contents li > a, .bar-contents li > a")];

  const topOf = (element) => element.getBoundingClientRect().top;

  // The heading that the eye has passed, at the end of the page the last one.
  const present = () => {
    const end = scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const line = innerHeight * (end ? 1 : 0.2);
    const heading = headings.findLast((each) => topOf(each) < line);
    return { heading, section: heading?.closest("section").querySelector("h2") };
  };

  // What stands nearest to where a link to it would have put it.
  const place = () => {
    const line = document.querySelector(".bar").offsetHeight;
    const away = places.map((each) => Math.abs(topOf(each) - line));
    return places[away.indexOf(Math.min(...away))];
  };

  const mark = ({ section, heading }) => {
    for (const entry of entries) {
      const id = entry.hash.slice(1);
      if (id === heading?.id) entry.setAttribute("aria-current", "location");
      else if (id === section?.id) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
    title.textContent = section ? name(section) : words.contents;
    const nav = list.parentElement;
    const entry = list.querySelector("[aria-current]");
    if (entry) nav.scrollTop = entry.offsetTop - nav.clientHeight / 2;
  };

  const name = (section) => {
    const entry = entries.find((each) => each.hash === `#${section.id}`);
    return entry.querySelector(".entry").textContent;
  };

  const follow = () => {
    const now = present();
    mark(now);
    const hash = now.heading ? `#${place().id}` : "";
    for (const { link, address } of twins) link.href = address + location.search + hash;
  };

  let waiting = false;
  const soon = () => {
    if (!waiting) requestAnimationFrame(() => ((waiting = false), follow()));
    waiting = true;
  };
  for (const sign of ["scroll", "resize"]) addEventListener(sign, soon, { passive: true });
  // A script may have changed the address since the reader last moved.
  for (const { link } of twins) {
    for (const sign of ["pointerenter", "focus"]) link.addEventListener(sign, follow);
  }
  follow();
}
