// The choices of a search as back-pointers, traced at its end: see unspool/decoding/history.py. A step of the history is
// `{ rows, items, attention }`; an end is `{ step, row, item, score, complete, ranking }`, without an item if it ends
// before that step. Attention is a list of leaves, each `{ data, dims }` with R rows, or null.

import { EOS } from "./symbols.js";

/** Whether an item is the last of its hypothesis. */
export function isLast(item, done, row) {
  return item === EOS || (done !== null && Boolean(done[row]));
}

/** The hypothesis that has this end; rows: the row of the search that it was in at each step. */
export function traced(history, end) {
  const items = end.item === null ? [] : [end.item];
  const rows = end.item === null ? [] : [end.row];
  let row = end.row;
  for (const pointers of history.slice(0, end.step).reverse()) {
    items.push(pointers.items[row]);
    row = pointers.rows[row];
    rows.push(row);
  }
  rows.reverse();
  items.reverse();
  const attention = weights(history.slice(0, rows.length), rows);
  if (end.complete && items.at(-1) === EOS) items.pop();
  return { items, score: end.score, finished: end.complete, attention, rows };
}

function weights(steps, rows) {
  if (!rows.length || steps[0].attention === null) return null;
  const leaves = steps[0].attention.map((_, leaf) => steps.map((step, at) => nested(step.attention[leaf], rows[at])));
  return leaves.length === 1 ? leaves[0] : leaves;
}

/** One row of a leaf, as nested lists. */
export function nested(leaf, row) {
  const [, ...inside] = leaf.dims;
  const size = inside.reduce((product, axis) => product * axis, 1);
  return shaped(leaf.data.subarray(row * size, (row + 1) * size), inside);
}

function shaped(data, [axis, ...inside]) {
  if (axis === undefined) return data[0];
  if (!inside.length) return Array.from(data);
  const size = data.length / Math.max(1, axis);
  return Array.from({ length: axis }, (_, place) => shaped(data.subarray(place * size, (place + 1) * size), inside));
}
