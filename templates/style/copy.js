// A button behind everything marked with data-copy. It copies the value of the mark or, where that
// is empty, the text of the element; data-copy-name says of what, to those who do not see the place.
{
  const words = JSON.parse(document.getElementById("words").textContent).copy;
  const status = document.createElement("p");
  status.className = "copy-status";
  status.setAttribute("role", "status");
  document.body.append(status);

  async function copy(source, button) {
    let said = words.copied;
    try {
      await navigator.clipboard.writeText(source.dataset.copy || source.textContent.trim());
    } catch {
      // Without permission: the text is selected, so that the reader's own keys can copy it.
      getSelection().selectAllChildren(source);
      said = words.failed;
    }
    button.firstChild.data = status.textContent = said;
    setTimeout(() => {
      button.firstChild.data = words.copy;
      status.textContent = "";
    }, 2000);
  }

  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    if (source.dataset.copyName) button.setAttribute("aria-label", `${words.copy}: ${source.dataset.copyName}`);
    button.addEventListener("click", () => copy(source, button));
    source.after(button);
  }
}
