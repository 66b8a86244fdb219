// The page of the live model: its controls, what it tells, and its address.
"use strict";
{ // A block: no name leaks to other scripts.

const { explored } = explorerModel, { draw, nearest, ticks, walk } = explorerPlots;
const STEP = 200, RUN = 40000; // milliseconds that a played step takes at most, and a long run

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
  const fill = (text, value) => text.replace(/\{(\w+)\}/g, (_, name) => value(name));
  const choice = find("select"), numbers = find("details"), table = find("textarea");
  const buttons = live.querySelectorAll(".explorer-cases button"), svgs = [...live.querySelectorAll("svg[data-plot]")];
  const cases = data.cases.map(({ settings }) => ({ ...data.cases[0].settings, ...settings, weight: data.weight }));
  const clamp = ({ least, most, step }, value) => {
    const inside = Math.min(Math.max(value, least), most);
    return step >= 1 ? Math.round(inside) : inside;
  };
  let state = fromAddress(), frame = 0, timer = 0, run, places, ghost = null;

  // What the address lacks or has wrong is that of the opening view.
  function fromAddress() {
    const query = new URLSearchParams(location.search), f = query.get(choice.name);
    const read = { ...cases[0] };
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
    run = { state, path, at, readings, print, ghost };
    choice.value = state.activation;
    Object.assign(figure.dataset, found, { activation: state.activation });
    for (const refresh of refreshers) refresh();
    cases.forEach((settings, i) => {
      buttons[i].ariaPressed = Object.keys(state).every((key) => state[key] === settings[key]);
    });
    for (const place of live.querySelectorAll("[data-reading]")) {
      place.value = readings[place.dataset.reading];
      place.textContent = (place.className ? percent : print)(place.value);
    }
    tell(found);
    clear.disabled = !ghost;
    drawn();
    if (numbers.open) table.textContent = ["step,weight,loss", ...path.map(({ weight, loss }, t) => `${t},${weight},${loss}`)].join("\n");
  }

  // The words for what is found, with the readings that they name.
  function tell({ learned, ...found }) {
    const late = !learned && found.regime === "converged";
    for (const [subject, answer] of Object.entries({ ...found, learned: late ? "late" : learned, map: state.momentum > 0, track: figure.dataset.swept })) {
      find(`[data-told=${subject}]`).textContent = fill(words[subject][answer], (name) => find(`[data-reading=${name}]`).textContent);
    }
  }

  // Drawn with the next frame; told to screen readers and the address when the hand rests.
  function change(changes, kept = null) {
    state = { ...state, ...changes };
    ghost = kept;
    frame ||= requestAnimationFrame(show);
    clearTimeout(timer);
    timer = setTimeout(() => {
      toAddress();
      find("[role=status]").textContent = find(".explorer-told").innerText;
    }, 400);
  }

  // A slider, logarithmic where steps are given by decade, and a field for one setting.
  const refreshers = data.controls.map((control) => {
    const { key, name, per_decade: log } = control, { least, most, step } = control.track ?? control;
    const [slider, field] = live.querySelectorAll(`[name=${key}]`), grain = log ?? 1 / step;
    const position = (value) => log ? Math.log10(value) : value;
    const slide = (value) => {
      const even = Math.round(value * grain) / grain;
      change({ [name]: clamp(control, Number((log ? 10 ** even : even).toPrecision(4))) });
    };
    Object.assign(slider, { min: position(least), max: position(most), step: 1 / grain });
    slider.addEventListener("input", () => slide(slider.value));
    field.addEventListener("input", () => {
      if (field.value) change({ [name]: clamp(control, Number(field.value)) });
    });
    field.addEventListener("blur", () => { field.value = state[name]; });
    const mark = control.track ? onTrack(slider, control.track, slide) : () => {};
    return () => {
      slider.value = position(state[name]);
      slider.ariaValueText = print(state[name]);
      if (document.activeElement !== field) field.value = state[name];
      mark(state[name]);
    };
  });

  // The rate is where a pointer is. A finger that comes down may want to scroll: it counts when it
  // moves along, or lifts. Returns what sets the marks.
  function onTrack(slider, { least, most }, slide) {
    const track = find(".explorer-track"), post = cases[0].learning_rate;
    track.style.setProperty("--diagram", `url(${track.dataset.diagram})`);
    const inside = (value) => Math.min(Math.max(value, least), most);
    const put = (element, value) => {
      const at = 100 * (inside(value) - least) / (most - least);
      element.style.left = `${at}%`;
      element.style.setProperty("--at", at);
      element.hidden = value !== inside(value);
    };
    const follow = (event) => {
      const box = track.getBoundingClientRect();
      slide(inside(least + (event.clientX - box.left) / box.width * (most - least)));
    };
    track.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      track.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true });
      if (event.pointerType !== "touch") follow(event);
    });
    for (const kind of ["pointermove", "pointerup"]) {
      track.addEventListener(kind, (event) => { if (track.hasPointerCapture(event.pointerId)) follow(event); });
    }
    const told = (mark, rate) => {
      mark.dataset.rate = fill(words[mark.dataset.mark] ?? "{rate}", () => print(rate));
      put(mark, rate);
    };
    for (const rate of ticks([least, most], 0)) {
      if (rate !== post) told(track.appendChild(document.createElement("span")), rate);
    }
    told(find("[data-mark=post]"), post);
    return (value) => {
      told(find("[data-mark=bound]"), run.readings.eta_star);
      put(find("[data-mark=rate]"), value);
      find("[data-mark=rate]").hidden = false;
      figure.dataset.swept = !state.momentum && state.input_scale === 1 && state.activation !== "tanh";
    };
  }

  choice.addEventListener("change", () => change({ activation: choice.value }));
  cases.forEach((settings, i) => buttons[i].addEventListener("click", () => change(settings)));
  numbers.addEventListener("toggle", show);

  // Of several nudges the ghost is the run before the first.
  const nudge = find("[name=nudge]"), clear = find("[name=clear]");
  nudge.addEventListener("click", () => {
    if (frame) show();
    change({ weight: state.weight + 1e-6 }, ghost ?? run.path);
  });
  clear.addEventListener("click", () => {
    nudge.focus();
    change({});
  });

  const player = find("[name=play]"), step = find("[name=step]"), still = matchMedia("(prefers-reduced-motion: reduce)");
  let playing = 0;

  function drawn() {
    places = draw(svgs, run);
    step.max = state.steps;
    stand(step.valueAsNumber);
  }

  // Puts the point on a step, and reads it out.
  function stand(on) {
    const { weight, loss } = run.path[on];
    const values = { step: print(on), weight: print(weight), loss: print(loss) };
    step.value = on;
    step.ariaValueText = find(".explorer-point").textContent = fill(words.point, (name) => values[name]);
    walk(svgs, places, on);
  }

  function play(on) {
    clearTimeout(playing);
    playing = on && !still.matches ? setTimeout(advance, Math.min(STEP, RUN / state.steps)) : 0;
    player.textContent = words[still.matches ? "next" : playing ? "pause" : "play"];
  }

  function advance() {
    stand(Math.min(step.valueAsNumber + 1, state.steps));
    play(step.value < state.steps);
  }

  player.addEventListener("click", () => {
    if (playing) return play(false);
    if (step.value >= state.steps) stand(0);
    else stand(step.valueAsNumber + 1);
    play(true);
  });
  step.addEventListener("input", () => {
    play(false);
    stand(step.valueAsNumber);
  });
  still.addEventListener("change", () => play(false));
  svgs.forEach((svg, i) => {
    for (const kind of ["pointermove", "pointerdown"]) {
      svg.addEventListener(kind, (event) => { if (!playing) stand(nearest(svg, places[i], event)); });
    }
  });
  // On a phone.
  const views = live.querySelectorAll(".explorer-views button");
  for (const chosen of views) chosen.addEventListener("click", () => {
    for (const button of views) {
      button.ariaPressed = button === chosen;
      find(`[data-plot=${button.value}]`).classList.toggle("shown", button === chosen);
    }
  });

  live.hidden = false;
  figure.classList.add("live");
  show();
  play(false);
  const resized = new ResizeObserver(() => { if (live.offsetWidth) drawn(); });
  for (const svg of svgs) resized.observe(svg);
  const query = new URLSearchParams(location.search);
  if ([choice.name, ...data.controls.map(({ key }) => key)].some((key) => query.has(key))) toAddress();
}

for (const figure of document.querySelectorAll("figure.explorer")) begin(figure);

}
