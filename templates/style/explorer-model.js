// The live model: the post's one weight, and all that is told of how it is trained. What is measured,
// and how, is as in experiments/.
"use strict";
const explorerModel = (() => {

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

return { ends, explored };
})();
