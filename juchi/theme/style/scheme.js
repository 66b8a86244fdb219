// Light, dark, or as the system has it: what a reader chooses in the bar is kept by the browser and
// holds on every page. It stands in the head, so that nothing is drawn in other colours before.
// Style sheets follow by light-dark(), pictures by their media, scripts by the event "change".
const scheme = new EventTarget();
{
  const key = "juchi-scheme";
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  // What the attribute media asks for, and what answers it always and never.
  const asked = { "": system.media, dark: "(min-width: 0px)", light: "(max-width: 0px)" };
  const answers = Object.values(asked);
  let choice = "";

  // A browser may refuse to keep anything: then the choice holds for the page alone.
  const recall = () => {
    try {
      const kept = localStorage.getItem(key);
      choice = Object.hasOwn(asked, kept) ? kept : "";
    } catch {}
  };
  const keep = () => {
    try {
      localStorage.setItem(key, choice);
    } catch {}
  };

  const redirect = () => {
    for (const each of document.querySelectorAll(":is(source, meta)[media]")) {
      const media = each.getAttribute("media");
      const now = answers.reduce((text, answer) => text.replace(answer, asked[choice]), media);
      if (now !== media) each.setAttribute("media", now);
    }
  };
  const show = () => {
    if (choice) page.dataset.scheme = choice;
    else delete page.dataset.scheme;
    document.querySelector("meta[name='color-scheme']").content = choice || "light dark";
    redirect();
    for (const each of document.querySelectorAll(".scheme select")) each.value = choice;
    scheme.dispatchEvent(new Event("change"));
  };

  Object.defineProperty(scheme, "dark", { get: () => (choice ? choice === "dark" : system.matches) });
  system.addEventListener("change", () => choice || scheme.dispatchEvent(new Event("change")));

  recall();
  if (choice) show();
  // Pictures that are still to come: before any is fetched.
  const coming = new MutationObserver(redirect);
  if (choice) coming.observe(page, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", () => {
    coming.disconnect();
    if (choice) show();
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.closest(".scheme")) return;
    choice = target.value;
    keep();
    show();
  });
  // Chosen in another window, or on a page from which the reader goes back to this one.
  for (const sign of ["storage", "pageshow"]) {
    addEventListener(sign, () => {
      const before = choice;
      recall();
      if (choice !== before) show();
    });
  }
}
