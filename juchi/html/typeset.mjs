// Typeset LaTeX formulas for the screen (MathML), for paper (SVG) and in words: behind `speech.mjs`.
//
// standard input:  {"formulas": [{"tex": string, "display": boolean, "room": number}, ...],
//   "locale": string or null, "letters": {"400": {"若": {"width", "path"}, ...}, "700": ...}}:
//   the room in em, the language of the words, and of letters that the mathematics font may lack
//   their outlines in that of the text, by weight, in thousandths of an em
// standard output: a list in the same order, each entry either
//   {"mathml": string, "svg": string, "width": number, "height": number, "depth": number,
//    "pieces": [{"svg", "width", "height", "depth"}, ...], "speech": string or null}
//   with lengths in em (`height` is the total height, `depth` its part below the baseline), or
//   {"error": string}
// What is wider than its room is broken before relations and operators, as far as it has any: a
// displayed formula into lines, which are one drawing; one in running text into pieces as well.
//
// Temml writes the MathML, MathJax with its STIX Two font the SVG. A formula has to satisfy both
// engines, so that no reader gets a formula that another reader does not get.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

import { MathJaxStix2Font } from "@mathjax/mathjax-stix2-font/js/svg.js";
import { liteAdaptor } from "@mathjax/src/js/adaptors/liteAdaptor.js";
import { RegisterHTMLHandler } from "@mathjax/src/js/handlers/html.js";
import { TeX } from "@mathjax/src/js/input/tex.js";
import "@mathjax/src/js/input/tex/ams/AmsConfiguration.js";
import "@mathjax/src/js/input/tex/boldsymbol/BoldsymbolConfiguration.js";
import "@mathjax/src/js/input/tex/braket/BraketConfiguration.js";
import "@mathjax/src/js/input/tex/cancel/CancelConfiguration.js";
import "@mathjax/src/js/input/tex/configmacros/ConfigMacrosConfiguration.js";
import "@mathjax/src/js/input/tex/mathtools/MathtoolsConfiguration.js";
import "@mathjax/src/js/input/tex/mhchem/MhchemConfiguration.js";
import { SerializedMmlVisitor } from "@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js";
import { mathjax } from "@mathjax/src/js/mathjax.js";
import { SVG } from "@mathjax/src/js/output/svg.js";
import temml from "temml";

globalThis.temml = temml; // which its part for chemistry looks for
await import("temml/contrib/mhchem/mhchem.min.js");

const SVG_NAMES = "http://www.w3.org/2000/svg";
const UNITS_PER_EM = 1000; // of MathJax's view boxes
const PIXELS_PER_EM = 16; // matters to lengths in px alone: every result is in em
const INDENT = "2em"; // of the lines after the first one
const LINE_LEADING = 0.4; // em, between lines
const EM_PER = { em: 1, ex: 0.431, pt: 0.1 }; // as MathJax reads them
const LONGEST = 32; // em: what fits into a line of text, and into one of a list
const PAGE_NUMBERS =
  "the page numbers a formula and refers to it, not \\tag, \\label, \\ref or a numbering " +
  "environment: use aligned or gathered instead of align or gather";

const rounded = (value, digits) => Number(value.toFixed(digits));
const { formulas, locale, letters } = JSON.parse(await text(process.stdin));

// --- paper: SVG by MathJax ---

// MathJax's arrows of reactions are in a font of their own: those of mathematics serve as well.
function reactionArrows() {
  const plain = { rightarrow: "rightarrow", leftarrow: "leftarrow", leftrightarrow: "leftrightarrow" };
  const all = { ...plain, rightleftharpoons: "rightleftharpoons" };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, arrow]) => [
      [`mhchemlong${name}`, name in plain ? `\\long${arrow}` : `\\x${arrow}{\\quad}`],
      [`mhchemx${name}`, [`\\x${arrow}[#1]{#2}`, 2, ""]],
    ]),
  );
}

// MathJax fetches the rarer parts of its font (blackboard bold, script, ...) when a formula asks.
mathjax.asyncLoad = (name) => import(name);

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const input = new TeX({
  packages: ["base", "ams", "boldsymbol", "braket", "cancel", "configmacros", "mathtools", "mhchem"],
  macros: { bm: ["\\boldsymbol{#1}", 1], ...reactionArrows() },
  formatError: (_, error) => {
    throw error;
  },
});
const drawer = (options) =>
  new SVG({
    fontData: MathJaxStix2Font,
    dynamicPrefix: "@mathjax/mathjax-stix2-font/js/svg/dynamic",
    fontCache: "none", // no identifiers, so that each SVG stands alone
    ...options,
  });
const output = drawer({ linebreaks: { inline: false } });
const breaking = drawer({
  displayOverflow: "linebreak",
  displayAlign: "left",
  linebreaks: { inline: true, width: "100%", lineleading: LINE_LEADING },
});
const page = mathjax.document("", { InputJax: input, OutputJax: output });
const breakingPage = mathjax.document("", { InputJax: input, OutputJax: breaking });
const metrics = { em: PIXELS_PER_EM, ex: PIXELS_PER_EM * output.font.params.x_height };

// The formula as MathJax has read it, for its words.
const visitor = new SerializedMmlVisitor();
let read = null;
function keepRead({ data: { root } }) {
  const units = unitsIn(root);
  for (const unit of units) unit.attributes.set("class", "MathML-Unit");
  read = { root, units, mathml: visitor.visitTree(root) };
  for (const unit of units) unit.attributes.unset("class");
}
input.postFilters.add(keepRead);

// Rows of displayed formulas as far apart as in TeX, so that their fractions do not touch.
const JOT = 0.2; // em, more than MathJax has
for (const name of ["cases", "rcases"]) {
  const { args } = input.parseOptions.handlers.get("environment").lookup(name);
  args[args.indexOf(".2em")] = `${0.2 + JOT}em`;
}

function openUpRows({ data: { root } }) {
  root.walkTree((node) => {
    if (!node.isKind("mtable") || !node.attributes.getExplicit("displaystyle")) return;
    const gaps = String(node.attributes.getExplicit("rowspacing") ?? "").split(" ");
    if (!gaps.every((gap) => /^-?[\d.]+(?:em|pt)$/.test(gap))) return;
    const inEm = gaps.map((gap) => parseFloat(gap) * EM_PER[gap.slice(-2)]);
    node.attributes.set("rowspacing", inEm.map((gap) => `${rounded(gap + JOT, 4)}em`).join(" "));
  });
}
input.postFilters.add(openUpRows);

function indentLines({ data: { root } }) {
  root.walkTree((node) => {
    if (!node.isKind("mo")) return;
    node.attributes.set("indentalign", "left");
    node.attributes.set("indentshift", INDENT);
  });
}
input.postFilters.add(indentLines);

// In running text a formula is broken outside of brackets, as long as its pieces fit into a line.
const [REL, OPEN, CLOSE] = [3, 4, 5]; // of MathJax's classes of atoms
const BARS = new Set(["|", "∣", "‖", "∥"]);
let insideBrackets = true;

function keepBracketsWhole({ math, data: { root } }) {
  if (math.display || insideBrackets) return;
  const inside = [];
  let depth = 0;
  let bars = 0;
  root.walkTree((node) => {
    if (!node.isKind("mo")) return;
    const bar = BARS.has(node.getText()) && node.texClass !== REL;
    if (node.texClass === CLOSE) depth -= 1;
    if (depth > 0 || bars % 2) inside.push(node);
    if (node.texClass === OPEN) depth += 1;
    if (bar) bars += 1;
  });
  // Half-open to the outside, as ]0, 1[ is, or one bar alone: none of it is known.
  if (depth || bars % 2) return;
  for (const node of inside) node.attributes.set("linebreak", "nobreak");
}
input.postFilters.add(keepBracketsWhole);

function* elementsOf(node) {
  yield node;
  for (const child of adaptor.childNodes(node)) {
    if (adaptor.kind(child) !== "#text") yield* elementsOf(child);
  }
}

// --- letters that the mathematics font lacks: those of the font of the text ---

const outlines = (bold) => letters?.[bold ? 700 : 400] ?? {};

function measured(node) {
  const bold = adaptor.getAttribute(node, "font-weight") === "bold";
  const widths = [...adaptor.textContent(node)].map((each) => outlines(bold)[each]?.width ?? 0);
  return { w: widths.reduce((sum, width) => sum + width, 0) / UNITS_PER_EM, h: 0.88, d: 0.12 };
}
output.measureTextNode = breaking.measureTextNode = measured;

function drawLetters(svg) {
  for (const node of adaptor.tags(svg, "text")) {
    const own = outlines(adaptor.getAttribute(node, "font-weight") === "bold");
    // Its letters stand upright, their paths as all paths upside down.
    const transform = adaptor.getAttribute(node, "transform").replace("scale(1,-1)", "").trim();
    const group = adaptor.node("g", transform ? { transform } : {}, [], SVG_NAMES);
    let left = 0;
    for (const letter of adaptor.textContent(node)) {
      if (!own[letter]) throw new Error(`neither the mathematics font nor that of the text has ${letter}`);
      const place = left ? { transform: `translate(${left},0)` } : {};
      adaptor.append(group, adaptor.node("path", { d: own[letter].path, ...place }, [], SVG_NAMES));
      left += own[letter].width;
    }
    adaptor.replace(group, node);
  }
}

function refuseWhatPaperCannotShow(svg) {
  for (const element of elementsOf(svg)) {
    if (adaptor.hasAttribute(element, "data-mjx-linestack")) {
      throw new Error("\\\\ breaks a line outside of an environment such as aligned");
    }
  }
  // What is as wide as its page has no view box of its own.
  if (!adaptor.hasAttribute(svg, "viewBox")) throw new Error(PAGE_NUMBERS);
}

function drawTableRules(svg) {
  // MathJax leaves the strokes of rules and frames to a style sheet, which a lone SVG lacks.
  for (const element of [...elementsOf(svg)]) {
    const ruled = ["data-line", "data-frame"].some((name) => adaptor.hasAttribute(element, name));
    if (!ruled) continue;
    adaptor.setAttribute(element, "fill", "none");
    adaptor.setAttribute(element, "stroke-width", "70");
    const dashed = adaptor.getAttribute(element, "class") === "mjx-dashed";
    if (dashed) adaptor.setAttribute(element, "stroke-dasharray", "140");
    adaptor.removeAttribute(element, "class");
  }
}

function removeNotes(svg) {
  // MathJax notes the LaTeX and the MathML element of each group: more bytes than many a glyph.
  for (const element of elementsOf(svg)) {
    for (const { name } of adaptor.allAttributes(element)) {
      if (name.startsWith("data-")) adaptor.removeAttribute(element, name);
    }
  }
  for (const name of ["style", "role", "focusable"]) adaptor.removeAttribute(svg, name);
}

function finished(svg) {
  const [left, top, width, height] = adaptor.getAttribute(svg, "viewBox").split(" ").map(Number);
  const depth = Math.max(0, top + height); // a lone \cdot ends above the baseline
  adaptor.setAttribute(svg, "viewBox", [left, top, width, rounded(depth - top, 1)].join(" "));
  const em = (units) => rounded(units / UNITS_PER_EM, 4);
  const size = { width: em(width), height: em(depth - top), depth: em(depth) };
  adaptor.setAttribute(svg, "width", `${size.width}em`);
  adaptor.setAttribute(svg, "height", `${size.height}em`);
  drawLetters(svg);
  drawTableRules(svg);
  removeNotes(svg);
  return { svg: adaptor.serializeXML(svg), ...size };
}

async function drawn(document, { tex, display, room }) {
  input.reset();
  const size = { ...metrics, containerWidth: room * PIXELS_PER_EM };
  const container = await document.convertPromise(tex, { display, ...size });
  return adaptor.childNodes(container).filter((node) => adaptor.kind(node) === "svg");
}

async function pieces(formula) {
  for (insideBrackets of [false, true]) {
    const broken = (await drawn(breakingPage, formula)).map(finished);
    if (insideBrackets || formula.display || broken.every(({ width }) => width <= LONGEST)) return broken;
  }
}

async function toSvg(formula) {
  const [svg] = await drawn(page, formula);
  refuseWhatPaperCannotShow(svg);
  const whole = finished(svg);
  if (whole.width <= formula.room) return { ...whole, pieces: [] };
  const broken = await pieces(formula);
  return formula.display ? { ...broken[0], pieces: [] } : { ...whole, pieces: broken };
}

// --- screen: MathML by Temml ---

// What Temml turns round or leaves out, without a word.
const WRONG_ON_SCREENS = [
  [/\\prescript(?![A-Za-z])/, "\\prescript: write {}_6^{14}C"],
  [/\\mathbf\s*\{[^{}]*\\var[A-Z]/, "\\mathbf of an italic capital: write \\boldsymbol{\\varGamma} or \\mathbf{\\Gamma}"],
  [/\\cancelto(?![A-Za-z])/, "\\cancelto: write \\cancel{x} and what it comes to behind an arrow"],
];
const NUMBERED = /class="[^"]*\btml-(eqn|tag|label|ref)\b/;
// Above and below each row, as Temml's style sheet sets it.
const PADDING = { "tml-jot": "0.7ex", "tml-small": "0.35ex", usual: "0.5ex" };

// Temml reports what strict mode refuses in some places by a line on the console.
console.log = (message) => {
  throw new Error(message);
};

function* nodesOf(tree, type) {
  if (tree === null || typeof tree !== "object") return;
  if (tree.type === type) yield tree;
  for (const [key, value] of Object.entries(tree)) {
    if (key !== "loc") yield* nodesOf(value, type);
  }
}

function paddingBelow(table, gap) {
  if (!(gap.unit in EM_PER)) {
    throw new Error(`the row gap \\\\[${gap.number}${gap.unit}] is not in em, ex or pt`);
  }
  const kind = table.classes.find((name) => name in PADDING) ?? "usual";
  return `calc(${PADDING[kind]} + ${rounded(gap.number * EM_PER[gap.unit], 4)}em)`;
}

function addRowGaps(math, parsed) {
  // Temml reads the gap of \\[4pt] and then forgets it.
  const arrays = [...nodesOf(parsed, "array")];
  if (!arrays.some(({ rowGaps }) => rowGaps.some(Boolean))) return;
  const tables = [...nodesOf(math, "mtable")];
  const rows = (list, key) => list.map((item) => item[key].length).join();
  if (rows(arrays, "body") !== rows(tables, "children")) {
    throw new Error("a row gap such as \\\\[4pt] is lost in environments nested like these");
  }
  arrays.forEach(({ rowGaps }, i) => {
    rowGaps.forEach((gap, row) => {
      if (!gap) return;
      for (const cell of tables[i].children[row].children) {
        cell.style.paddingBottom = paddingBelow(tables[i], gap);
      }
    });
  });
}

const isApplied = (node) => node?.type === "mo" && node.children[0]?.text === "\u2061";
const CLOSING = /^[)\]}!⟩⌉⌋]$/;
const SCRIPTED = /^m(?:sub|sup|subsup|under|over|underover)$/;
const WRAPPERS = new Set(["mrow", "mstyle", "mpadded"]);

// Whether what stands there is to TeX no operator, relation or opening bracket.
function endsOrdinary(node) {
  if (!node || node.type === "mspace") return false;
  if (node.type === "mo") return CLOSING.test(node.children[0]?.text);
  if (WRAPPERS.has(node.type)) return endsOrdinary(node.children.at(-1));
  return SCRIPTED.test(node.type) ? endsOrdinary(node.children[0]) : true;
}

// Temml knows the thin space of TeX between x and ln, but not that between a formula of several
// signs and ln: an index, a fraction, a root, brackets.
function addOperatorSpaces(node) {
  if (!node.children) return;
  const isFragment = (child) => child.children && !child.attributes;
  const children = node.children.flatMap((child) => (isFragment(child) ? child.children : child));
  children.forEach(addOperatorSpaces);
  node.children = children.flatMap((child, i) => {
    const named = isApplied(children[i + 1]) || (child.type === "mrow" && isApplied(child.children[1]));
    if (!named || !endsOrdinary(children[i - 1])) return [child];
    const space = new node.constructor("mspace");
    space.setAttribute("width", "0.1667em");
    return [space, child];
  });
}

// What browsers take from the operator dictionary of MathML Core anyway, and what the style sheet
// says for all formulas: a page may then forbid styles of single elements.
function withoutDefaults(mathml) {
  return mathml
    .replaceAll(' fence="true"', "")
    .replace(/ style="(?:display:block math;|math-depth:0;|(?:padding-(?:left|right):[\d.]+(?:em|pt);)+)"/g, "")
    .replace(/(<mo [^>]*?) ?form="(?:prefix|postfix)"(?=[^>]*>[()[\]{}]<)/g, "$1");
}

function toMathml({ tex, display }) {
  const wrong = WRONG_ON_SCREENS.find(([command]) => command.test(tex));
  if (wrong) throw new Error(wrong[1]);
  const options = { displayMode: display, annotate: true, throwOnError: true, strict: true };
  const math = temml.__renderToMathMLTree(tex, options);
  addRowGaps(math, temml.__parse(tex, options));
  addOperatorSpaces(math);
  const mathml = withoutDefaults(math.toMarkup());
  if (NUMBERED.test(mathml)) throw new Error(PAGE_NUMBERS);
  return { mathml };
}

// --- both ---

async function typeset(formula) {
  if (!formula.tex.trim()) return { error: "the formula is empty" };
  try {
    const drawing = await toSvg(formula);
    spoken.push(read);
    return { ...toMathml(formula), ...drawing, speech: spoken.length - 1 };
  } catch (error) {
    return { error: error.message.trim().split(/(?: at position \d+)?:? *\n/)[0] };
  }
}

// Whether the speech rule engine has words in a language.
function isSpoken(language) {
  try {
    createRequire(import.meta.url).resolve(`speech-rule-engine/lib/mathmaps/${language}.json`);
    return true;
  } catch {
    return false;
  }
}

const spoken = [];
const results = [];
for (const formula of formulas) results.push(await typeset(formula));
const said = isSpoken(locale) ? await speak(spoken, locale) : [];
for (const result of results) result.speech = said[result.speech] ?? null;
process.stdout.write(JSON.stringify(results));
