// In each page that the preview serves: loads it again when it is built again, where the reader
// stands, and says what stopped a build. The page of the last good build stays beneath.

const { page, build } = document.currentScript.dataset;

const PLACE = "preview-place";
// Where the reader stood is kept until the page is settled: another build may come before.
let place = sessionStorage.getItem(PLACE);
addEventListener("load", async () => {
  await document.fonts.ready;
  requestAnimationFrame(() => {
    if (place !== null) scrollTo({ top: place, behavior: "instant" });
    place = null;
    sessionStorage.removeItem(PLACE);
    history.scrollRestoration = "auto";
  });
});

const notice = Object.assign(document.createElement("pre"), { id: "preview-fault" });
notice.setAttribute("role", "alert");
Object.assign(notice.style, {
  position: "fixed",
  zIndex: 2147483647,
  inset: "auto 0 0 0",
  maxHeight: "70vh",
  margin: 0,
  padding: "1em",
  overflow: "auto",
  whiteSpace: "pre-wrap",
  font: "0.9rem/1.5 monospace",
  color: "#fff",
  background: "#8b0000",
});

new EventSource(`/-/events?${encodeURIComponent(page)}`).addEventListener("message", ({ data }) => {
  const state = JSON.parse(data);
  if (state.build !== build) {
    // The browser's own memory drifts by what settles above the reader after it is called up.
    history.scrollRestoration = "manual";
    sessionStorage.setItem(PLACE, place ?? scrollY);
    location.reload();
    return;
  }
  notice.textContent = state.fault;
  if (state.fault) document.body.append(notice);
  else notice.remove();
});
