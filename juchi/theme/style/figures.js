// A figure opens large, over the page; without scripts its link leads to the picture alone.
{
  const words = JSON.parse(document.getElementById("words").textContent).reading;
  const sizes = [1, 1.5, 2.25, 3.5, 5]; // of the picture; at the first all of it is seen

  const button = (label, sign, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.title = label;
    made.setAttribute("aria-label", label);
    made.textContent = sign;
    made.addEventListener("click", act);
    return made;
  };

  const dialog = document.createElement("dialog");
  dialog.className = "large";
  const name = document.createElement("p");
  const view = document.createElement("div");
  let picture;
  let fitting = 0; // the width at which all of it is seen
  let size = 0;

  // The point in the middle of the view stays there.
  const resize = (by) => {
    const [x, y] = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
    const before = sizes[size];
    size = Math.min(Math.max(size + by, 0), sizes.length - 1);
    picture.style.width = `${sizes[size] * fitting}px`;
    const ratio = sizes[size] / before;
    view.scrollTo(x * ratio - view.clientWidth / 2, y * ratio - view.clientHeight / 2);
    smaller.disabled = size === 0;
    larger.disabled = size === sizes.length - 1;
  };
  const smaller = button(words.smaller, "−", () => resize(-1));
  const larger = button(words.larger, "+", () => resize(1));
  const close = button(words.close, "×", () => dialog.close());

  const head = document.createElement("header");
  head.append(name, smaller, larger, close);
  view.className = "view";
  view.tabIndex = 0;
  dialog.append(head, view);
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => {
    const by = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (by) resize(by);
  });
  view.addEventListener("dblclick", () => resize(size ? -size : 2));
  view.addEventListener("click", (event) => {
    if (event.target === view) dialog.close();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.enlarge");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    view.replaceChildren(link.querySelector("picture").cloneNode(true));
    picture = view.querySelector("img");
    picture.loading = "eager";
    const figure = link.closest("figure");
    name.textContent = figure.querySelector(".label")?.textContent ?? "";
    dialog.setAttribute("aria-label", name.textContent || picture.alt);
    dialog.showModal();
    // Of the drawing that is shown, which is another one on a phone.
    const shown = link.querySelector("img");
    const [width, height] = ["Width", "Height"].map(
      (side) => shown[`natural${side}`] || Number(picture.getAttribute(side.toLowerCase())),
    );
    fitting = Math.min(view.clientWidth, (view.clientHeight * width) / height);
    // Never smaller than it was drawn, or a phone could not read it.
    resize(Math.max(0, sizes.findIndex((each) => each * fitting > width)) - size);
    view.scrollTo(0, view.scrollTop);
    view.focus();
  });
}
