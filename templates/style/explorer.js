// The live model: the post's one weight, trained and drawn again at every move of a control. What is
// measured, and how, is as in experiments/.
"use strict";
{ // A block: no name leaks to other scripts. Not indented: it weighs less.

const logistic = (z) => 1 / (1 + Math.exp(-z));
const twice = (v) => -2 * v;
// Of each activation its value, and as functions of that its slope and f'' / f'.
const ACTIVATIONS = {
  sigmoid: { value: logistic, slope: (v) => v * (1 - v), bend: (v) => 1 - 2 * v },
  centred_sigmoid: { value: (z) => logistic(z) - 0.5, slope: (v) => 0.25 - v * v, bend: twice },
  tanh: { value: Math.tanh, slope: (v) => 1 - v * v, bend: twice },
};
const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
const ends = (values) => [Math.min(...values), Math.max(...values)];

// --- the model ---

// The mean squared error of f(w x) as a function of w, with its first two derivatives.
function objective(data, state) {
  const f = ACTIVATIONS[state.activation];
  const { shift } = data.activations.find(({ name }) => name === state.activation);
  const inputs = data.inputs.map((x) => state.input_scale * x);
  const targets = data.targets.map((y) => y + shift);
  const n = inputs.length, centre = mean(targets);
  const flat = 0.01 * f.slope(f.value(0)); // below it a sample is saturated: experiments/objective.py
  const at = (weight) => {
    let loss = 0, slope = 0, curvature = 0, saturated = 0;
    inputs.forEach((x, i) => {
      const value = f.value(weight * x), residual = value - targets[i], steep = f.slope(value);
      loss += residual * residual / n;
      slope += 2 * residual * steep * x / n;
      curvature += 2 * x * x * steep * (steep + residual * f.bend(value)) / n;
      saturated += steep < flat;
    });
    return { weight, loss, slope, curvature, saturated: saturated / n };
  };
  return { at, constant: mean(targets.map((y) => (y - centre) ** 2)), reach: 40 / mean(inputs.map(Math.abs)) };
}

// The minimum: the best point of a grid, polished by Newton's method.
function minimum(at, reach) {
  let best = at(0);
  for (let i = -1000; i <= 1000; i++) {
    const point = at(reach * i / 1000);
    if (point.loss < best.loss) best = point;
  }
  for (let i = 0; i < 20; i++) best = at(best.weight - best.slope / best.curvature);
  return best;
}

// Returns a function that gives the path up to a step: v <- beta v + g; w <- w - eta v.
function descent(at, { weight, momentum, learning_rate }) {
  const path = [at(weight)];
  let velocity = 0;
  return (steps) => {
    while (path.length <= steps) {
      const last = path.at(-1);
      velocity = momentum * velocity + last.slope;
      path.push(at(last.weight - learning_rate * velocity));
    }
    return path.slice(0, steps + 1);
  };
}

// --- the measures ---

// The Lyapunov exponent: how a small deviation of weight and velocity grows.
function exponent(path, { momentum, learning_rate }) {
  let weight = 1, velocity = 0, growth = 0;
  for (const { curvature } of path.slice(0, -1)) {
    velocity = momentum * velocity + curvature * weight;
    weight -= learning_rate * velocity;
    const size = Math.max(Math.hypot(weight, learning_rate * momentum * velocity), 1e-300);
    growth += Math.log(size);
    weight /= size;
    velocity /= size;
  }
  return growth / (path.length - 1);
}

function flipShare(path, tolerance) {
  const updates = path.slice(1).map(({ weight }, t) => weight - path[t].weight);
  const pairs = updates.slice(1).map((after, t) => [updates[t], after])
    .filter((pair) => pair.every((update) => Math.abs(update) > tolerance));
  return pairs.filter(([a, b]) => a > 0 !== b > 0).length / Math.max(pairs.length, 1);
}

function repeat(weights, { longest_period, period_tolerance }) {
  for (let p = 1; p <= longest_period; p++) {
    if (weights.every((w, t) => t < p || Math.abs(w - weights[t - p]) <= period_tolerance)) return p;
  }
  return 0;
}

// The regime in the long run: over a window after a burn-in, and, if it has not settled by then,
// over a longer one after more patience. See experiments/regimes.py.
function settle(walk, state, low, { burn_in, patience, window, long_window, ...settings }) {
  for (const [first, length] of [[burn_in, window], [burn_in + patience, long_window]]) {
    const path = walk(first + length).slice(first), weights = path.map(({ weight }) => weight);
    const [least, most] = ends(weights), half = Math.ceil(weights.length / 2);
    const [a, b] = ends(weights.slice(0, half)), [c, d] = ends(weights.slice(half));
    const repeats = repeat(weights, settings);
    const grows = () => exponent(path, state) > settings.exponent_tolerance;
    const name = !(Math.max(most, -least) <= settings.diverged_weight) ? "diverged"
      : Math.max(most - low, low - least) <= settings.rest_tolerance ? "converged"
      : least * most > 0 && path.every(({ saturated }) => saturated === 1) ? "saturated"
      : repeats > 1 ? "periodic"
      : a <= d && c <= b && grows() ? "chaotic"
      : "unsettled";
    if (name !== "unsettled" || first > burn_in) return [name, repeats];
  }
}

// All that is told of a setting; the window is the second half of the steps shown.
function explored(data, state) {
  const { at, constant, reach } = objective(data, state), { measures, regimes } = data;
  const best = minimum(at, reach), walk = descent(at, state);
  const [regime, period] = settle(walk, state, best.weight, regimes);
  const path = walk(state.steps), last = path.at(-1), half = path.slice(Math.floor(state.steps / 2));
  const eta_star = 2 * (1 + state.momentum) / best.curvature;
  const flip_share = flipShare(half, measures.update_tolerance);
  return {
    path,
    at,
    regime,
    sawtooth: flip_share >= measures.sawtooth_flip_share,
    learned: (constant - last.loss) / (constant - best.loss) >= 1 - measures.learned_gap,
    readings: {
      w_star: best.weight,
      sharpness: best.curvature,
      eta_star,
      rate_ratio: state.learning_rate / eta_star,
      flip_share,
      lyapunov: exponent(half, state),
      saturated: last.saturated,
      final_loss: last.loss,
      loss_star: best.loss,
      constant_loss: constant,
      period,
    },
  };
}

// --- drawing ---

function add(parent, name, attributes, text = "") {
  const element = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
}

// Round numbers in a range, no nearer to each other than the least step.
function ticks([low, high], least) {
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, power * [1, 2, 5, 10].find((m) => m * power >= rough));
  const first = Math.ceil(low / step), last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(9)));
}

// An empty plot with its axes; returns what draws points in it, joined to a line or as dots.
function axes(svg, x, y, print, log) {
  // The frame cuts off what is drawn in it.
  const around = svg.querySelector("g"), frame = svg.querySelector("svg");
  const width = frame.width.baseVal.value, height = frame.height.baseVal.value;
  const across = (v) => ((v - x[0]) / (x[1] - x[0]) * width).toFixed(1);
  const up = (v) => ((y[1] - v) / (y[1] - y[0]) * height).toFixed(1);
  around.replaceChildren();
  frame.replaceChildren();
  const decade = log && y[1] - y[0] < 1.2; // has the ticks of a linear axis
  for (const v of ticks(x, 0)) {
    add(around, "path", { d: `M${across(v)} 0V${height}` });
    add(around, "text", { x: across(v), y: height + 15, class: "below" }, print(v));
  }
  for (const v of decade ? ticks(y.map((v) => 10 ** v), 0).map(Math.log10) : ticks(y, log ? 1 : 0)) {
    add(around, "path", { d: `M0 ${up(v)}H${width}` });
    add(around, "text", { x: -6, y: up(v), dy: 4 }, print(log ? 10 ** v : v));
  }
  return (name, points, dots) => {
    const places = points.map(([a, b]) => `${across(a)} ${up(b)}`);
    add(frame, "path", { class: name, d: dots ? `M${places.join("h0M")}h0` : `M${places.join("L")}` });
  };
}

// A range with some room around it.
function roomy(values, least) {
  const [low, high] = ends(values), room = Math.max(0.06 * (high - low), least);
  return [low - room, high + room];
}

function draw(find, state, { path, at }, { w_star, loss_star, constant_loss }, print) {
  const steps = [0, state.steps], weights = path.map(({ weight }) => weight);
  const range = roomy([...weights, w_star], 1e-3);
  const level = (v) => steps.map((t) => [t, v]), inTime = (values) => values.map((v, t) => [t, v]);
  const curve = axes(find("[data-plot=weight]"), steps, range, print);
  curve("mark", level(w_star));
  curve("run", inTime(weights));
  if (state.steps <= 200) curve("run dots", inTime(weights), true);

  const logs = [...path.map(({ loss }) => loss), loss_star, constant_loss].map(Math.log10);
  const fall = axes(find("[data-plot=loss]"), steps, roomy(logs, 0.1), print, true);
  fall("mark dotted", level(logs.pop()));
  fall("mark", level(logs.pop()));
  fall("run", inTime(logs));

  const map = axes(find("[data-plot=map]"), range, range, print);
  const pairs = weights.slice(1).map((w, t) => [weights[t], w]);
  map("mark", range.map((v) => [v, v]));
  if (state.momentum === 0) {
    const grid = Array.from({ length: 601 }, (_, i) => at(range[0] + (range[1] - range[0]) * i / 600));
    map("run map", grid.map(({ weight: w, slope }) => [w, w - state.learning_rate * slope]));
    map("cobweb", pairs.flatMap(([w, next]) => [[w, w], [w, next]]));
  } else {
    map("cobweb", pairs);
    map("run dots", pairs, true);
  }
  map("dots start", [[weights[0], weights[0]]], true);
  map("dots", [[w_star, w_star]], true);
}

// --- the page ---

function begin(figure) {
  const live = figure.querySelector(".explorer-live"), find = (selector) => live.querySelector(selector);
  const [data, { explorer: words }] = [find("script"), document.getElementById("words")].map((s) => JSON.parse(s.text));
  const [print, percent] = [
    { maximumSignificantDigits: 4, maximumFractionDigits: 7, roundingPriority: "lessPrecision" },
    { style: "percent", maximumFractionDigits: 1 },
  ].map((style) => {
    const format = new Intl.NumberFormat(document.documentElement.lang, style);
    return (value) => format.format(value).replace("-", "\u2212");
  });
  const choice = find("select"), numbers = find("details"), table = find("textarea");
  const buttons = live.querySelectorAll("button[value]");
  const clamp = ({ least, most, step }, value) => {
    const inside = Math.min(Math.max(value, least), most);
    return step >= 1 ? Math.round(inside) : inside;
  };
  let state = fromAddress(), frame = 0, timer = 0;

  // What the address lacks or has wrong is that of the opening view.
  function fromAddress() {
    const query = new URLSearchParams(location.search), f = query.get(choice.name);
    const read = { ...data.cases[0].settings, weight: data.weight };
    for (const control of data.controls) {
      const text = query.get(control.key)?.trim();
      if (text && isFinite(text)) read[control.name] = clamp(control, Number(text));
    }
    if (data.activations.some(({ name }) => name === f)) read.activation = f;
    return read;
  }

  // What else the address holds stays.
  function toAddress() {
    const query = new URLSearchParams(location.search);
    for (const { key, name } of data.controls) query.set(key, state[name]);
    query.set(choice.name, state.activation);
    history.replaceState(null, "", `?${query}${location.hash}`);
  }

  function show() {
    const { path, at, readings, ...found } = explored(data, state);
    frame = 0;
    choice.value = state.activation;
    Object.assign(figure.dataset, found, { activation: state.activation });
    for (const refresh of refreshers) refresh();
    data.cases.forEach(({ settings }, i) => {
      buttons[i].ariaPressed = Object.keys(settings).every((key) => state[key] === settings[key]);
    });
    for (const place of live.querySelectorAll("[data-reading]")) {
      place.value = readings[place.dataset.reading];
      place.textContent = (place.className ? percent : print)(place.value);
    }
    tell(found);
    draw(find, state, { path, at }, readings, print);
    if (numbers.open) table.textContent = ["step,weight,loss", ...path.map(({ weight, loss }, t) => `${t},${weight},${loss}`)].join("\n");
  }

  // The words for what is found, with the readings that they name.
  function tell(found) {
    for (const [subject, answer] of Object.entries({ ...found, map: state.momentum > 0 })) {
      const reading = (_, name) => find(`[data-reading=${name}]`).textContent;
      find(`[data-told=${subject}]`).textContent = words[subject][answer].replace(/\{(\w+)\}/g, reading);
    }
  }

  // Drawn with the next frame; told to screen readers and the address when the hand rests.
  function change(changes) {
    state = { ...state, ...changes };
    frame ||= requestAnimationFrame(show);
    clearTimeout(timer);
    timer = setTimeout(() => {
      toAddress();
      find("[role=status]").textContent = find(".explorer-told").innerText;
    }, 400);
  }

  // A slider, logarithmic where steps are given by decade, and a field for one setting.
  const refreshers = data.controls.map((control) => {
    const { key, name, least, most, step, per_decade: log } = control;
    const [slider, field] = live.querySelectorAll(`[name=${key}]`), grain = log ?? 1 / step;
    const position = (value) => log ? Math.log10(value) : value;
    Object.assign(slider, { min: position(least), max: position(most), step: 1 / grain });
    slider.addEventListener("input", () => {
      const even = Math.round(slider.value * grain) / grain;
      change({ [name]: clamp(control, Number((log ? 10 ** even : even).toPrecision(4))) });
    });
    field.addEventListener("input", () => {
      if (field.value) change({ [name]: clamp(control, Number(field.value)) });
    });
    field.addEventListener("blur", () => { field.value = state[name]; });
    return () => {
      slider.value = position(state[name]);
      slider.ariaValueText = print(state[name]);
      if (document.activeElement !== field) field.value = state[name];
    };
  });
  choice.addEventListener("change", () => change({ activation: choice.value }));
  data.cases.forEach(({ settings }, i) => buttons[i].addEventListener("click", () => change(settings)));
  numbers.addEventListener("toggle", show);
  live.hidden = false;
  figure.classList.add("live");
  show();
  const query = new URLSearchParams(location.search);
  if ([choice.name, ...data.controls.map(({ key }) => key)].some((key) => query.has(key))) toAddress();
}

for (const figure of document.querySelectorAll("figure.explorer")) begin(figure);

}
