// Vectors as strips of colours: one colour above zero, another below it, stronger where they are farther from it.

import { element } from "./elements.js";

/** The farthest from zero of some strips as a trace tells them. */
export function farthest(strips) {
  return strips.reduce((most, { features }) => features.reduce((more, one) => Math.max(more, Math.abs(one)), most), 1e-9);
}

/** The mean of strips with these weights; null where nothing has a weight. */
export function weightedMean(strips, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!strips.length || total <= 0) return null;
  return strips[0].features.map((_, place) => strips.reduce((sum, { features }, at) => sum + features[place] * weights[at], 0) / total);
}

/** An element with a band of colour for each feature, from top to bottom or from left to right; scale: the strongest. */
export function heatStrip(features, scale, direction, attributes) {
  const made = element("span", { class: "strip", ...attributes });
  const bands = (features ?? []).map((one, place) => {
    const strength = Math.min(1, Math.abs(one) / scale).toFixed(3);
    const [from, to] = [place, place + 1].map((at) => `${((100 * at) / features.length).toFixed(2)}%`);
    return `rgba(var(${one < 0 ? "--cold" : "--heat"}), ${strength}) ${from} ${to}`;
  });
  if (bands.length) made.style.setProperty("background-image", `linear-gradient(to ${direction}, ${bands.join(", ")})`);
  return made;
}
