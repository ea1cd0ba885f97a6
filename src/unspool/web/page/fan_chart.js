// A forecast as a picture: what was, the median, and bands in which 90, 80, 60, 40 and 20 % of the values are expected.

import { drawn } from "./elements.js";

const [HIGH, LEFT, RIGHT, TOP, BOTTOM] = [300, 62, 12, 10, 30];
/** The ends of the bands, widest first. */
const BANDS = [["q05", "q95"], ["q10", "q90"], ["q20", "q80"], ["q30", "q70"], ["q40", "q60"]];

/** The drawing; forecast: as /v1/forecast tells it. */
export function fanChart(words, forecast) {
  const { y, ds } = forecast.history;
  const wide = matchMedia("(max-width: 50rem)").matches ? 380 : 640; // so that its letters stay readable
  const known = y.map((value, place) => [place, value]).filter(([, value]) => value !== null);
  const numbers = [...y, ...forecast.q05, ...forecast.q95].filter((one) => one !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const across = (place) => LEFT + ((wide - LEFT - RIGHT) * place) / Math.max(1, y.length + forecast.ds.length - 1);
  const up = (value) => TOP + (HIGH - TOP - BOTTOM) * (high > low ? (high - value) / (high - low) : 0.5);
  const line = (points) => points.map(([place, value]) => `${across(place).toFixed(1)},${up(value).toFixed(1)}`).join(" ");
  const after = (name) => forecast[name].map((value, step) => [y.length + step, value]);
  const last = known.slice(-1);
  const bands = BANDS.map(([from, to]) => drawn("polygon", { class: "band", points: line([...last, ...after(to), ...after(from).reverse()]) }));
  const begin = across(y.length - 0.5);
  const label = (x, anchor, text) => drawn("text", { x, y: HIGH - 8, "text-anchor": anchor }, text);
  const ticks = [low, (low + high) / 2, high].flatMap((value) => [
    drawn("line", { class: "grid", x1: LEFT, x2: wide - RIGHT, y1: up(value), y2: up(value) }),
    drawn("text", { x: LEFT - 6, y: up(value), dy: "0.36em", "text-anchor": "end" }, shortNumber(value)),
  ]);
  return drawn(
    "svg", { class: "fan", viewBox: `0 0 ${wide} ${HIGH}`, role: "img", "aria-label": words.fanOf(forecast.unique_id, forecast.ds.length, shortNumber(forecast.q50.at(-1))) },
    ...ticks, drawn("line", { class: "grid", x1: begin, x2: begin, y1: TOP, y2: HIGH - BOTTOM }), ...bands,
    drawn("polyline", { class: "was", points: line(known) }), drawn("polyline", { class: "median", points: line([...last, ...after("q50")]) }),
    label(LEFT, "start", String(ds[0] ?? "")), label(wide - RIGHT, "end", String(forecast.ds.at(-1))),
  );
}

/** Four digits. */
export function shortNumber(number) {
  return String(Number(number.toPrecision(4))).replace("-", "\u2212");
}
