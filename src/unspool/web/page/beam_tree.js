// The tree of a beam: a column for each step, best above, the chosen answer's way in bold, ends with a double frame.

import { drawn, element, visible } from "./elements.js";

const [WIDE, HIGH, LEFT, TOP] = [72, 34, 44, 24];

/** The drawing, in a region that scrolls; path: the chosen answer's place in each step; at: the steps that are shown. */
export function beamTree(words, steps, path, at) {
  const most = Math.max(1, ...steps.map((step) => step.live.length));
  const count = steps.reduce((sum, step) => sum + step.live.length, 0);
  const [width, height] = [LEFT + WIDE * steps.length + 40, TOP + HIGH * most];
  const place = (step, row) => [LEFT + WIDE * (step + 1) - 30, TOP + HIGH * row];
  const parts = [drawn("circle", { cx: LEFT - 22, cy: TOP, r: 5, class: "root" })];
  const nodes = [];
  steps.forEach(({ live }, step) => live.forEach((kept, row) => {
    const [x, y] = place(step, row);
    const [px, py] = step ? place(step - 1, kept.parent) : [LEFT - 22, TOP];
    const way = path[step] === row ? "way" : "";
    const shown = step < at ? "" : "ahead";
    parts.push(drawn("path", { class: `edge ${way} ${shown}`, d: `M${px},${py} C${px + 30},${py} ${x - 36},${y} ${x - 18},${y}` }));
    const text = visible(words, kept.token);
    nodes.push(drawn(
      "g", { class: `node ${way} ${shown} ${kept.finished ? "end" : ""}`, transform: `translate(${x},${y})` },
      drawn("rect", { x: -20, y: -12, width: 40, height: 24, rx: 6 }),
      kept.finished && drawn("rect", { x: -17, y: -9, width: 34, height: 18, rx: 4 }),
      drawn("text", { "text-anchor": "middle", dy: "0.36em" }, text.length > 4 ? `${text.slice(0, 3)}…` : text),
      drawn("title", {}, `${text}: ${kept.score.toFixed(2)}`),
    ));
  }));
  const tree = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": words.treeOf(count, steps.length) }, ...parts, ...nodes);
  return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": words.tree }, tree);
}
