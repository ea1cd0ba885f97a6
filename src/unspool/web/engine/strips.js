// Vectors as a person sees them: a norm, and some of the features; see `VectorStrip` in unspool/answers/traces.py.

import { rounded } from "./search_trace.js";

/** The most features that are shown. */
const STRIP = 32;

/** What a trace tells of the inside of a model; tokens: those of the source. */
export function shownInside({ handedOver: { states, context }, canEdit }, tokens) {
  return {
    can_edit: canEdit,
    states: states && rowsOf(states).slice(0, tokens.length).map(strip),
    context: context && strip(rowsOf(context)[0]),
  };
}

/** The strip of a vector. */
export function strip(vector) {
  const shown = Math.min(STRIP, vector.length);
  const features = Array.from({ length: shown }, (_, place) => vector[Math.floor((place * vector.length) / shown)]);
  return { norm: rounded(Math.hypot(...vector), 4), width: vector.length, features: features.map((one) => rounded(one, 4)) };
}

/** The vectors of a tensor `[1, S, C]` or `[1, D]`. */
function rowsOf({ data, dims }) {
  const width = dims.at(-1);
  return Array.from({ length: data.length / width }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));
}
