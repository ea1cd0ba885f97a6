// What models of numbers write: ink as a drawing, other values as lines.

import { drawn, element } from "./elements.js";

/** The way of a pen from points [dx, dy, 1 if the pen is lifted after the point]. */
export function inkDrawing(words, points) {
  const strokes = [[]];
  let [x, y] = [0, 0];
  for (const [dx, dy, lifted] of points) {
    [x, y] = [x + dx, y + dy];
    strokes.at(-1).push([x, y]);
    if (lifted) strokes.push([]);
  }
  return picture(words.drawing, strokes.filter((stroke) => stroke.length));
}

/** A line for each feature over the steps. */
export function valuesChart(words, values) {
  const series = (values[0] ?? []).map((_, feature) => values.map((step, at) => [at, -step[feature]]));
  const tallest = Math.max(...series.flat().map(([, y]) => Math.abs(y)), 1e-9);
  const scale = values.length / (3 * tallest);
  return picture(words.chart, series.map((line) => line.map(([at, y]) => [at, y * scale])));
}

function picture(label, lines) {
  const [xs, ys] = [0, 1].map((axis) => lines.flat().map((point) => point[axis]));
  if (!xs.length) return element("p", {}, label);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left || 1, Math.max(...ys) - top || 1];
  const edge = 0.04 * Math.max(width, height);
  const box = [left - edge, top - edge, width + 2 * edge, height + 2 * edge].map((number) => number.toFixed(3)).join(" ");
  const paths = lines.map((line) => drawn("polyline", { points: line.map((point) => point.map((number) => number.toFixed(3)).join(",")).join(" ") }));
  return drawn("svg", { class: "drawing", viewBox: box, role: "img", "aria-label": label }, ...paths);
}
