// The words of formulas, by the speech rule engine that comes with MathJax.
//
// MathSpeak reads a formula sign by sign and guesses nothing. ClearSpeak is more natural, "the cube
// root of x", but takes w(x) for a function, P(A|B) for "A divides B" and an upper index for a power.
// So it speaks where there is nothing to guess: letters, numbers, signs between them, fractions,
// roots, subscripts, squares and units. Whatever either of them cannot name is left to other means.

const PLAIN = new Set("math mrow mi mn mo mfrac msqrt mroot msub msup mspace".split(" "));
const PLAIN_SIGNS = /^[+\-−±=<>≤≥≠≈×⋅/,.…∈→]$/u;
const SQUARES = /^[23]$/;
// Without Clearspeak's "times" between letters that stand side by side: dx is no product. To it a
// capital delta is a triangle, unless told otherwise.
const CLEAR = { domain: "clearspeak", style: "ImpliedTimes_None:TriangleSymbol_Delta" };
const LITERAL = { domain: "mathspeak", style: "default" };
// Capitals of Greek, upright as LaTeX has them: a word for "normal" says nothing of them, and makes
// of an omega beside a letter so many ohms.
const UPRIGHT_CAPITAL = /(<mi\b[^>]*?) mathvariant="normal"([^>]*>(?:[Α-Ω]|&#x3(?:9[1-9A-F]|A[0-9]);)<\/mi>)/g;
// Which to the ear are small letters where nothing says what they are.
const bareCapital = (adjective, names) => new RegExp(`(?<!${adjective} )\\b(${names})\\b`, "g");
// What the engine takes from the names of signs in Unicode, as readers of formulas say it.
const SPELLING = {
  de: [
    [bareCapital("großes", "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Ypsilon|Phi|Psi|Omega"), "großes $1"],
  ],
  en: [
    [/\blamda\b/g, "lambda"],
    [/\bLamda\b/g, "Lambda"],
    [bareCapital("upper", "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"), "upper $1"],
    [/\b(?:normal )?down tack\b/g, "top"],
    [/\bWith caret\b/g, "With hat"],
    [/\bWith \u20db/g, "With three dots"],
    [/\bWith \u02c7/g, "With check"],
  ],
};

// The upright letters, in a MathML tree (of MathJax), of a unit: behind a number and a space, alone,
// multiplied, divided, or to a power that is a number.
function unitsIn(root) {
  const units = [];
  root.walkTree((row) => {
    if (row.isToken) return;
    const signs = row.childNodes.map(unwrapped);
    signs.forEach((sign, i) => {
      if (!sign?.isKind("mn") || !signs[i + 1]?.isKind("mspace")) return;
      for (const next of signs.slice(i + 2)) {
        const letters = next && unwrapped(isPower(next) ? next.childNodes[0] : next);
        if (isUpright(letters)) units.push(letters);
        else if (!next?.isKind("mspace") && !/^[/⋅·]$/.test(textOf(next))) return;
      }
    });
  });
  return units;
}

function unwrapped(node) {
  const alone = node && !node.isToken && (node.isInferred || node.isKind("TeXAtom") || node.isKind("mrow"));
  return alone && node.childNodes.length === 1 ? unwrapped(node.childNodes[0]) : node;
}

const isPower = (node) => node.isKind("msup") && /^[−-]?\d+$/.test(textOf(node.childNodes[1]));
const isUpright = (node) => node?.isKind("mi") && node.attributes.get("mathvariant") === "normal";

// Whether a MathML tree (of MathJax) holds nothing that a reader by meaning could take amiss.
function isPlain(node, units) {
  if (node.isKind("text") || node.isKind("XML")) return true;
  const plain = (child) => child === null || isPlain(child, units);
  if (units.includes(unwrapped(node))) return true;
  if (node.isInferred) return node.childNodes.every(plain);
  if (!PLAIN.has(node.kind)) return false;
  const text = node.isToken ? node.getText() : "";
  if (node.isKind("mo") && !PLAIN_SIGNS.test(text)) return text === "" || text === "\u2061";
  if (node.isKind("mi") && [...text].length > 1) return false;
  if (node.isKind("msup") && !SQUARES.test(textOf(node.childNodes[1]))) return false;
  return node.childNodes.every(plain);
}

function textOf(node) {
  return node.isToken ? node.getText() : node.childNodes.map(textOf).join("");
}

let sre;

// Give what says each formula, in order: {root, units, mathml} of MathJax; in a language of the engine.
async function speak(formulas, locale) {
  ({ default: sre } = await import("speech-rule-engine"));
  const words = new Array(formulas.length);
  for (const [manner, chosen] of [[CLEAR, true], [LITERAL, false]]) {
    const own = formulas.map(({ root, units }, i) => [i, isPlain(root, units)]).filter((pair) => pair[1] === chosen);
    if (!own.length) continue;
    await sre.setupEngine({ locale, modality: "speech", markup: "punctuation", ...manner });
    for (const [i] of own) words[i] = respelt(asWords(formulas[i].mathml), locale);
  }
  return words;
}

const BAR = "\u2502"; // one that the engine takes for nothing else
const nameOf = (sign) => sre.toSpeech(`<math><mo>${sign}</mo></math>`);

// Say a formula without what the engine would guess at: room for a product, the bars of a bra and
// a ket for those of an absolute value; and the line above as what it is.
function asWords(mathml) {
  const spaceless = mathml.replace(/<mspace[^>]*?(?:\/>|>\s*<\/mspace>)/g, "");
  const bare = spaceless.replaceAll(">&#x2015;</mo>", ">&#xAF;</mo>").replace(UPRIGHT_CAPITAL, "$1$2");
  if (!/[\u27e8\u27e9]|&#x27E[89];/.test(bare)) return sre.toSpeech(bare);
  const words = sre.toSpeech(bare.replace(/>(?:\||&#x2223;)<\/mo>/g, `>${BAR}</mo>`));
  return words.replaceAll(nameOf(BAR), nameOf("|"));
}

function respelt(words, locale) {
  const replaced = (text, [found, better]) => text.replace(found, better);
  return (SPELLING[locale] ?? []).reduce(replaced, words).replace(/\s+/g, " ").trim();
}
