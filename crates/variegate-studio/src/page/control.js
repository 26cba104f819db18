// Controls of one parameter, made from what the registry says of it: kind, bounds, usual range, choices.
// `changed(value, settled)` tells the new value in the form of files; undefined is the default.

import { element } from "./element.js";

const round = (v) => Number(v.toPrecision(6));

// A parameter of numbers as a fixed value, a range, nothing, or another distribution.
function read(spec, given) {
  const value = given === undefined ? spec.default : given;
  if (value === null || value === undefined) return spec.optional ? { mode: "none" } : { mode: "fixed", a: 0 };
  if (typeof value === "number") {
    if (given !== undefined && spec.jitter === "around_one") return { mode: "range", a: Math.max(0, 1 - value), b: 1 + value };
    if (given !== undefined && spec.jitter === "around_zero") return { mode: "range", a: -value, b: value };
    return { mode: "fixed", a: value };
  }
  if (Array.isArray(value) && value.length === 2) return { mode: "range", a: value[0], b: value[1] };
  const natural = spec.by_ratio ? "log_uniform" : "uniform";
  if (value[natural]) return { mode: "range", a: value[natural][0], b: value[natural][1] };
  return { mode: "other", value };
}

function written(spec, { mode, a, b, value }) {
  if (mode === "none") return null;
  if (mode === "range") return [a, b];
  if (mode === "fixed") return spec.jitter ? [a, a] : a;
  return value;
}

// Where a slider reaches: the bounds where they are near, otherwise thrice the usual range.
function reach(spec, values) {
  let [lo, hi] = spec.bounds ?? [-1, 1];
  const usual = spec.usual ?? (values.length ? [Math.min(0, ...values), Math.max(1, ...values)] : [0, 1]);
  const width = usual[1] - usual[0] || 1;
  if (hi - lo > 6 * width) [lo, hi] = [Math.max(lo, usual[0] - width), Math.min(hi, usual[1] + width)];
  return [Math.min(lo, ...values), Math.max(hi, ...values)].map(round);
}

function number(spec, label, value, [lo, hi], tell) {
  const whole = spec.kind === "integer";
  const step = whole ? 1 : round(10 ** Math.floor(Math.log10((hi - lo) / 50 || 0.01)));
  const [least, most] = spec.bounds ?? ["", ""];
  const slider = element("input", { type: "range", min: lo, max: hi, step: whole ? 1 : "any", "aria-label": `${label}, slider` });
  const field = element("input", { type: "number", min: least, max: most, step: whole ? 1 : "any", "aria-label": label });
  const show = (v) => {
    slider.value = v;
    field.value = round(v);
  };
  const set = (v, settled) => {
    if (Number.isFinite(v)) tell(whole ? Math.round(v) : round(v), settled);
  };
  show(value);
  const snapped = () => (whole ? slider.valueAsNumber : Math.round(slider.valueAsNumber / step) * step);
  slider.addEventListener("input", () => {
    field.value = round(snapped());
    set(snapped(), false);
  });
  slider.addEventListener("change", () => set(snapped(), true));
  field.addEventListener("change", () => {
    slider.value = field.value;
    set(field.valueAsNumber, true);
  });
  return { row: element("div", { class: "number" }, slider, field), show };
}

// Any value at all, as JSON.
function free(label, value, changed) {
  const field = element("input", { type: "text", value: JSON.stringify(value), "aria-label": label, spellcheck: "false" });
  field.addEventListener("change", () => {
    let read;
    try {
      read = JSON.parse(field.value);
    } catch {
      read = field.value;
    }
    changed(read, true);
  });
  return field;
}

function choice(label, words, value, changed) {
  const options = words.map(([word, text]) => element("option", { value: word, selected: word === value }, text));
  return element("select", { "aria-label": label, onchange: (event) => changed(event.target.value) }, ...options);
}

function numeric(spec, label, given, changed) {
  const box = element("div", { class: "numeric" });
  let now = read(spec, given);
  const tell = (settled) => changed(written(spec, now), settled);
  const build = () => {
    const modes = [["fixed", "fixed"], ["range", "range"], ["other", "other …"]];
    if (spec.optional) modes.unshift(["none", "none"]);
    const pick = choice(`${label}, how it is drawn`, modes, now.mode, (mode) => {
      const usual = spec.usual ?? spec.bounds ?? [0, 1];
      const a = now.a ?? usual[0];
      if (mode === "range") now = { mode, a, b: now.b ?? Math.max(a, usual[1]) };
      else if (mode === "other") now = { mode, value: { one_of: [a, now.b ?? a] } };
      else now = { mode, a: spec.kind === "integer" ? Math.round(a) : a };
      tell(true);
      build();
      box.querySelector("select").focus();
    });
    const rows = [];
    if (now.mode === "fixed") {
      rows.push(number(spec, label, now.a, reach(spec, [now.a]), (v, settled) => {
        now.a = v;
        tell(settled);
      }).row);
    } else if (now.mode === "range") {
      const across = reach(spec, [now.a, now.b]);
      const low = number(spec, `${label}, from`, now.a, across, (v, settled) => {
        now.a = v;
        if (now.b < v) high.show((now.b = v));
        tell(settled);
      });
      const high = number(spec, `${label}, to`, now.b, across, (v, settled) => {
        now.b = v;
        if (now.a > v) low.show((now.a = v));
        tell(settled);
      });
      rows.push(low.row, high.row);
    } else if (now.mode === "other") {
      rows.push(free(`${label}, as JSON`, now.value, (value) => {
        now.value = value;
        tell(true);
      }));
    }
    box.replaceChildren(pick, ...rows);
  };
  build();
  return box;
}

function size(label, value, changed) {
  const sides = Array.isArray(value) ? [...value] : [value, value];
  const side = (at, name) => {
    const field = element("input", { type: "number", min: 1, max: 65535, step: 1, value: sides[at] ?? "", "aria-label": `${label}, ${name}` });
    field.addEventListener("change", () => {
      sides[at] = field.valueAsNumber;
      if (sides.every(Number.isInteger)) changed(sides[0] === sides[1] ? sides[0] : [...sides], true);
    });
    return field;
  };
  return element("div", { class: "size" }, side(0, "height"), "×", side(1, "width"));
}

function colour(label, value, changed) {
  const levels = typeof value === "number" ? [value, value, value] : Array.isArray(value) && value.length === 3 ? value : [0, 0, 0];
  const hex = levels.map((v) => Math.round(v * 255).toString(16).padStart(2, "0")).join("");
  const text = free(`${label}, as JSON`, value ?? null, changed);
  const picker = element("input", { type: "color", value: `#${hex}`, "aria-label": label });
  picker.addEventListener("change", () => {
    const read = [1, 3, 5].map((at) => round(parseInt(picker.value.slice(at, at + 2), 16) / 255));
    text.value = JSON.stringify(read);
    changed(read, true);
  });
  return element("div", { class: "colour" }, picker, text);
}

export function control(spec, label, given, changed) {
  const value = given === undefined ? spec.default : given;
  if (spec.kind === "real" || spec.kind === "integer") return numeric(spec, label, given, changed);
  if (spec.kind === "flag" && typeof value === "boolean") {
    return element("input", { type: "checkbox", checked: value, "aria-label": label, onchange: (event) => changed(event.target.checked, true) });
  }
  if (spec.kind === "word" && (typeof value === "string" || value === null)) {
    const words = spec.choices.map((word) => [word, word]);
    if (spec.optional) words.unshift(["", "none"]);
    return choice(label, words, value ?? "", (word) => changed(word === "" ? null : word, true));
  }
  if (spec.kind === "size" && (typeof value === "number" || Array.isArray(value))) return size(label, value, changed);
  if (spec.kind === "colour") return colour(label, value, changed);
  return free(label, value, changed);
}
