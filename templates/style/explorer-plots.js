// The plots of the live model, and the point that walks through them.
"use strict";
const explorerPlots = (() => {

const { ends } = explorerModel;
const LEFT = 46, TOP = 22, RIGHT = 8, BELOW = 34; // room for the words of the axes
const TRAIL = 6; // steps

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
}

function add(parent, name, attributes, text = "") {
  const element = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  set(element, attributes);
  element.textContent = text;
}

// Round numbers in a range, no nearer to each other than the least step.
function ticks([low, high], least, count = 5) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, power * [1, 2, 5, 10].find((m) => m * power >= rough));
  const first = Math.ceil(low / step), last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(9)));
}

// An empty plot with its axes; returns what draws points in it, joined to a line or as dots.
function axes(svg, x, y, print, log) {
  // The frame cuts off what is drawn in it.
  const [around, frame] = ["g", "svg"].map((name) => svg.querySelector(name)), box = svg.getBoundingClientRect();
  const width = Math.max(box.width - LEFT - RIGHT, 1), height = Math.max(box.height - TOP - BELOW, 1);
  const across = (v) => ((v - x[0]) / (x[1] - x[0]) * width).toFixed(1);
  const up = (v) => ((y[1] - v) / (y[1] - y[0]) * height).toFixed(1);
  set(frame, { x: LEFT, y: TOP, width, height });
  set(around, { transform: `translate(${LEFT} ${TOP})` });
  set(svg.querySelector(".below"), { x: LEFT + width / 2, y: TOP + height + BELOW - 3 });
  around.replaceChildren();
  frame.replaceChildren();
  const few = height < 100 ? 3 : 5;
  const decade = log && y[1] - y[0] < 1.2; // has the ticks of a linear axis
  for (const v of ticks(x, 0)) {
    add(around, "path", { d: `M${across(v)} 0V${height}` });
    add(around, "text", { x: across(v), y: height + 15, class: "below" }, print(v));
  }
  for (const v of decade ? ticks(y.map((v) => 10 ** v), 0, few).map(Math.log10) : ticks(y, log ? 1 : 0, few)) {
    add(around, "path", { d: `M0 ${up(v)}H${width}` });
    add(around, "text", { x: -6, y: up(v), dy: 4 }, print(log ? 10 ** v : v));
  }
  const placed = (points) => points.map(([a, b]) => [across(a), up(b)]);
  return {
    placed,
    draw(name, points, dots) {
      const places = placed(points).map((place) => place.join(" "));
      add(frame, "path", { class: name, d: dots ? `M${places.join("h0M")}h0` : `M${places.join("L")}` });
    },
  };
}

// A range with some room around it.
function roomy(values, least) {
  const [low, high] = ends(values), room = Math.max(0.06 * (high - low), least);
  return [low - room, high + room];
}

const grid = ([low, high], at, count) =>
  Array.from({ length: count + 1 }, (_, i) => at(low + (high - low) * i / count));

function weights(svg, { state, path, ghost, range, readings, print }) {
  const plot = axes(svg, [0, state.steps], range, print);
  const inTime = (run) => run.map(({ weight }, t) => [t, weight]), points = inTime(path);
  plot.draw("mark", [0, state.steps].map((t) => [t, readings.w_star]));
  if (ghost) plot.draw("ghost", inTime(ghost));
  plot.draw("run", points);
  if (state.steps <= 200) plot.draw("run dots", points, true);
  return plot.placed(points);
}

function losses(svg, { state, path, readings, print }) {
  const logs = path.map(({ loss }) => Math.log10(loss));
  const marks = ["loss_star", "constant_loss"].map((name) => Math.log10(readings[name]));
  const plot = axes(svg, [0, state.steps], roomy([...logs, ...marks], 0.1), print, true);
  marks.forEach((mark, i) => plot.draw(i ? "mark dotted" : "mark", [0, state.steps].map((t) => [t, mark])));
  const points = logs.map((v, t) => [t, v]);
  plot.draw("run", points);
  return plot.placed(points);
}

// The loss as a function of the weight, and the parabola that touches it at the minimum.
function landscape(svg, { path, at, range, readings, print }) {
  const { w_star, loss_star, sharpness } = readings;
  const curve = grid(range, at, 200).map(({ weight, loss }) => [weight, loss]);
  const plot = axes(svg, range, roomy([...curve.map(([, loss]) => loss), loss_star], 1e-6), print);
  plot.draw("mark dotted", curve.map(([w]) => [w, loss_star + sharpness / 2 * (w - w_star) ** 2]));
  plot.draw("run map", curve);
  plot.draw("dots", [[w_star, loss_star]], true);
  return plot.placed(path.map(({ weight, loss }) => [weight, loss]));
}

function cobweb(svg, { state, path, at, range, readings, print }) {
  const plot = axes(svg, range, range, print);
  const pairs = path.slice(1).map(({ weight }, t) => [path[t].weight, weight]);
  plot.draw("mark", range.map((v) => [v, v]));
  if (state.momentum === 0) {
    plot.draw("run map", grid(range, at, 600).map(({ weight: w, slope }) => [w, w - state.learning_rate * slope]));
    plot.draw("cobweb", pairs.flatMap(([w, next]) => [[w, w], [w, next]]));
  } else {
    plot.draw("cobweb", pairs);
    plot.draw("run dots", pairs, true);
  }
  plot.draw("dots start", [[path[0].weight, path[0].weight]], true);
  plot.draw("dots", [[readings.w_star, readings.w_star]], true);
  return plot.placed([...pairs, [path.at(-1).weight, path.at(-1).weight]]);
}

const PLOTS = { weight: weights, landscape, loss: losses, map: cobweb };

// Draws all of a run; returns where each of its steps is in every plot.
function draw(svgs, run) {
  const all = [...run.path, ...run.ghost ?? []].map(({ weight }) => weight);
  const range = roomy([...all, run.readings.w_star], 1e-3);
  return svgs.map((svg) => PLOTS[svg.dataset.plot](svg, { ...run, range }));
}

// Puts the point of a step into every plot, where it jumps with a trail of the last jumps.
function walk(svgs, places, step) {
  svgs.forEach((svg, i) => {
    const frame = svg.querySelector("svg"), [cx, cy] = places[i][step];
    for (const old of frame.querySelectorAll(".walker")) old.remove();
    if (svg.dataset.plot === "landscape") {
      const trail = places[i].slice(Math.max(step - TRAIL, 0), step + 1);
      add(frame, "path", { class: "walker", d: `M${trail.map((to) => to.join(" ")).join("L")}` });
    }
    add(frame, "circle", { class: "walker", cx, cy, r: 5 });
  });
}

// The step that is nearest to a pointer: in time, or where a plot has none, in the plane.
function nearest(svg, places, { clientX, clientY }) {
  const box = svg.getBoundingClientRect(), plane = ["landscape", "map"].includes(svg.dataset.plot);
  const away = places.map(([x, y]) =>
    Math.hypot(clientX - box.left - LEFT - x, plane ? clientY - box.top - TOP - y : 0));
  return away.indexOf(Math.min(...away));
}

return { draw, nearest, ticks, walk };
})();
