// A chart that moves takes the place of its picture where there is room for it; the picture stays for
// phones, for print, and where anything fails.
{
  const vega = new URL("vega.js", document.currentScript.src);
  const wide = matchMedia("(min-width: 40rem)");
  let loading;

  const load = () =>
    (loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = vega;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    }));

  const draw = async (figure) => {
    const picture = figure.querySelector("img");
    const [response] = await Promise.all([fetch(figure.dataset.chart), load()]);
    const { chart, styles, numbers } = await response.json();
    const place = document.createElement("div");
    place.className = "live-chart";
    place.style.cssText = figure.querySelector("picture").style.cssText;
    figure.querySelector(".live-chart")?.remove();
    figure.querySelector("figcaption").before(place);
    figure.classList.add("live");
    try {
      const font = getComputedStyle(document.documentElement).getPropertyValue("--sans");
      await vegaEmbed(place, { description: picture.alt, ...chart }, {
        ast: true, // what it computes is read and not run: the page forbids eval
        actions: false,
        renderer: "svg",
        config: { ...styles[scheme.dark ? "dark" : "light"], font },
        formatLocale: numbers ?? undefined,
        tooltip: { theme: scheme.dark ? "dark" : "light" },
        loader: { http: { credentials: "omit" } },
      });
    } catch (error) {
      place.remove();
      figure.classList.remove("live");
      throw error;
    }
  };

  addEventListener("DOMContentLoaded", () => {
    const seen = new Set();
    const sight = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || seen.has(target) || !wide.matches) continue;
        seen.add(target);
        draw(target);
      }
    }, { rootMargin: "50%" });
    for (const figure of document.querySelectorAll("figure[data-chart]")) sight.observe(figure);
    scheme.addEventListener("change", () => seen.forEach(draw));
  });
}
