// The page shows itself when the fonts of its first view are there, so that nothing moves when they
// come; but nobody waits long for them. Those of later sections come when the reader moves or can
// see such a section. Without scripts all come at once.
{
  const page = document.documentElement;
  const links = document.querySelectorAll("link.late");
  const moves = ["pointerdown", "wheel", "keydown"];
  const signs = [...moves, "scroll", "pointermove"];

  // A reader who followed a link to a place is led there again once the text has its final form.
  let moved = false;
  const settle = () => {
    if (!moved) document.querySelector(":target")?.scrollIntoView();
  };
  for (const move of moves) addEventListener(move, () => (moved = true), { passive: true });

  const loadLate = () => {
    for (const link of links) link.media = "all";
    for (const sign of signs) removeEventListener(sign, loadLate);
    sight.disconnect();
    // All of them, since print may ask for them at any time and does not wait.
    Promise.allSettled([...document.fonts].map((font) => font.load())).then(settle);
  };
  const sight = new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting)) loadLate();
  });
  addEventListener("DOMContentLoaded", () => {
    for (const section of document.querySelectorAll(".later")) sight.observe(section);
  });
  for (const sign of signs) addEventListener(sign, loadLate, { passive: true });

  page.classList.add("waiting");
  const fonts = Promise.allSettled([...document.fonts].map((font) => font.load()));
  const patience = new Promise((end) => setTimeout(end, 2000));
  Promise.race([fonts, patience]).then(() => {
    page.classList.remove("waiting");
    settle();
  });
}
