// A card beside a link shows what it leads to while a pointer rests on the link or the keyboard is
// there: a work cited, a figure, a table, a formula, a note of a table, the entry of a number. On a
// click, the entry of a number stays until it is closed. A finger follows the link, and a click that
// opens a tab does.
{
  const NUMBER = "a:has(> data)";
  const PLACES = "figure, .equation, .theorem, .references li, .table-notes p";
  // What a copy may not have: it would be counted, named or reached twice, or work in its place alone.
  const PARTS = "script, .live-chart, .live-part, .copy, .note-call, .footnote, .evaluation";
  const NAMES = ["id", "aria-labelledby", "aria-describedby"];
  const REST = 300; // milliseconds until a card opens, and until it closes
  const EDGE = 12; // pixels that a card keeps from the window's edge
  const GAP = 8; // and from its link

  const card = document.createElement("div");
  card.popover = "auto"; // which Escape closes, and a click elsewhere
  card.id = "card";
  card.tabIndex = -1;

  let opener; // the link whose card is open
  let pinned = false; // by a click
  let clicked = false; // a click asked for a card that is yet to come: the pointer opens and closes none
  let hovered; // the link or the card that the pointer is on
  let timer;

  const isOpen = () => card.matches(":popover-open");
  const plan = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, REST);
  };

  // What a link leads to on this page, unless it is in sight.
  const placeOf = (link) => {
    const address = link.getAttribute("href") ?? "";
    if (!address.startsWith("#")) return null;
    const place = document.getElementById(decodeURIComponent(address.slice(1)))?.closest(PLACES);
    if (!place || place.contains(link)) return null;
    const { top, bottom } = place.getBoundingClientRect();
    const inSight = top >= document.querySelector(".bar").offsetHeight && bottom <= innerHeight;
    return inSight ? null : place;
  };
  const hasCard = (link) => link && !card.contains(link) && (link.matches(NUMBER) || placeOf(link));

  const copyOf = (place) => {
    const copy = place.cloneNode(true);
    for (const part of copy.querySelectorAll(PARTS)) part.remove();
    for (const each of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of NAMES) each.removeAttribute(name);
    }
    for (const link of copy.querySelectorAll(".enlarge")) link.replaceWith(...link.childNodes);
    for (const image of copy.querySelectorAll("img")) image.loading = "eager";
    const content = document.createElement("div");
    if (place.matches("figure")) content.className = place.className;
    if (place.matches("li, .theorem")) content.className = "text";
    content.lang = place.closest("[lang]").lang;
    content.append(...(place.matches(".equation, .theorem") ? [copy] : copy.childNodes));
    return [content];
  };

  // Below the link, or above it where there is more room, and wholly inside the window.
  const put = () => {
    card.style.maxHeight = "";
    const link = opener.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const above = link.top - GAP - EDGE;
    const below = innerHeight - link.bottom - GAP - EDGE;
    const under = height <= below || below >= above;
    const tall = Math.min(height, under ? below : above);
    const left = Math.min(link.left, document.documentElement.clientWidth - width - EDGE);
    card.style.maxHeight = `${tall}px`;
    card.style.left = `${Math.max(EDGE, left) + scrollX}px`;
    card.style.top = `${(under ? link.bottom + GAP : link.top - GAP - tall) + scrollY}px`;
  };

  const forget = () => {
    opener?.removeAttribute("aria-details");
    if (pinned) opener.setAttribute("aria-expanded", "false");
    opener = undefined;
    pinned = false;
  };
  const hide = () => isOpen() && card.hidePopover();
  card.addEventListener("toggle", () => {
    if (isOpen()) return;
    forget();
    card.remove();
  });

  // By keyboard a card is left as it is entered, with its link: its own links are for pointers.
  const describe = () => {
    for (const name of ["role", "aria-labelledby"]) card.removeAttribute(name);
    for (const each of card.querySelectorAll("a, [tabindex]")) each.tabIndex = -1;
    opener.setAttribute("aria-details", card.id);
  };
  const pinDown = () => {
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-labelledby", "card-title");
    opener.setAttribute("aria-expanded", "true");
    card.focus({ preventScroll: true });
  };

  let wanted;
  const show = async (link, pin = false) => {
    wanted = link;
    const place = placeOf(link);
    const content = place ? copyOf(place) : await origins.of(link);
    const left = !pin && link !== hovered && !link.matches(":focus-visible");
    if (wanted !== link || left) return;
    forget();
    [opener, pinned] = [link, pin];
    card.className = place?.matches("figure, .equation, .theorem") ? "card wide" : "card";
    card.replaceChildren(...content);
    link.after(card);
    card.showPopover();
    put();
    if (pinned) pinDown();
    else describe();
  };
  // A card that nobody asked for may fail to come.
  const offer = (link) => plan(() => show(link).catch(() => {}));

  if (card.showPopover) {
    document.addEventListener("pointerover", ({ pointerType, target }) => {
      if (pinned || clicked || pointerType === "touch") return;
      const now = card.contains(target) ? card : target.closest("a");
      if (now === hovered) return;
      hovered = now;
      if (now && (now === card || now === opener)) clearTimeout(timer);
      else if (hasCard(now)) offer(now);
      else if (!opener?.matches(":focus-visible")) plan(hide);
    });
    document.addEventListener("focusin", ({ target }) => {
      if (pinned || clicked || card.contains(target)) return;
      if (target.matches(":focus-visible") && hasCard(target)) offer(target);
      else if (opener && ![card, opener].includes(hovered)) plan(hide);
    });
    document.addEventListener("pointerdown", () => clearTimeout(timer));
    document.addEventListener("click", (event) => {
      const link = event.target.closest(`${NUMBER}, #card a[href^="#"]`);
      const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
      if (!link || !plain || event.button !== 0) return;
      if (card.contains(link)) return hide();
      event.preventDefault();
      clearTimeout(timer);
      clicked = true;
      show(link, true)
        .catch(() => location.assign(link.href))
        .finally(() => {
          if (wanted === link) clicked = false;
        });
    });
  }
}
