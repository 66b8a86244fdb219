// Goes to the first language that the browser prefers and the site has; without scripts, or
// where none fits, the links remain.
const editions = [...document.querySelectorAll("a.edition")];
const known = navigator.languages
  .map((tag) => tag.split("-")[0])
  .map((language) => editions.find((link) => link.hreflang.split("-")[0] === language))
  .find(Boolean);
if (known) location.replace(known.href);
