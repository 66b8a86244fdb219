// Copying: everything marked with data-copy, the code, an equation's LaTeX, the formulas in what a
// reader selects, and the address of whatever has one.
{
  const words = JSON.parse(document.getElementById("words").textContent).copy;
  const status = document.createElement("p");
  status.className = "said";
  status.setAttribute("role", "status");
  document.body.append(status);

  let fading;
  const say = (message) => {
    status.textContent = message;
    clearTimeout(fading);
    fading = setTimeout(() => (status.textContent = ""), 2500);
  };

  const copy = async (text, source) => {
    try {
      await navigator.clipboard.writeText(text || source.textContent.trim());
      say(words.copied);
    } catch {
      // Without permission: the text is selected, so that the reader's own keys can copy it.
      getSelection().selectAllChildren(source);
      say(words.failed);
    }
  };

  const button = (source, text, name) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "copy";
    made.setAttribute("aria-label", name ? `${words.copy}: ${name}` : words.copy);
    made.addEventListener("click", () => copy(text, source));
    return made;
  };

  // data-copy holds the text or, where that is empty, the element does; data-copy-name says of what.
  for (const source of document.querySelectorAll("[data-copy]")) {
    const { copy: text, copyName: name } = source.dataset;
    const made = button(source, text, name);
    made.textContent = words.copy;
    source.after(made);
  }
  const icon = (source, text, name) => {
    const made = button(source, text, name);
    made.classList.add("icon");
    made.title = made.getAttribute("aria-label");
    return made;
  };
  for (const code of document.querySelectorAll("main pre:not([data-copy])")) {
    const frame = document.createElement("div");
    frame.className = "code";
    code.replaceWith(frame);
    frame.append(code, icon(code, code.textContent.trim() + "\n", words.code));
  }
  for (const equation of document.querySelectorAll(".equation")) {
    equation.append(icon(equation, equation.dataset.tex ?? equation.querySelector("math").dataset.tex, words.latex));
  }

  // A link to where it stands goes there and is copied, ready to be shared.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a:is(.number, .label), .verdict a");
    if (link) navigator.clipboard?.writeText(link.href).then(() => say(words.link), () => {});
  });

  // Formulas in a copied passage arrive as their LaTeX.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed) return;
    const passage = document.createElement("div");
    passage.append(selection.getRangeAt(0).cloneContents());
    const formulas = passage.querySelectorAll("math[data-tex]");
    if (!formulas.length) return;
    event.clipboardData.setData("text/html", passage.innerHTML);
    for (const formula of formulas) {
      const marks = formula.getAttribute("display") === "block" ? "$$" : "$";
      formula.replaceWith(marks + formula.dataset.tex + marks);
    }
    for (const block of passage.querySelectorAll("p, h2, h3, h4, li, figcaption, .equation")) {
      block.append("\n\n");
    }
    event.clipboardData.setData("text/plain", passage.textContent.trim());
    event.preventDefault();
  });
}
