// Decoding with one continuation of every row, the loop of greedy search and sampling: see unspool/decoding/rollout.py.

import { isLast, traced } from "./history.js";

/** `copies` answers to a source; choose(answer, row, path) gives `{ item, logProb }`. */
export async function rollout(stepper, source, question, choose, { maxLength, copies }) {
  let cursor = await stepper.open(source);
  // Copies share a row until the first step.
  let paths = Array.from({ length: copies }, (_, path) => ({ path, row: 0, sum: 0 }));
  const [history, ends] = [[], []];
  while (paths.length && history.length < maxLength) {
    const [answer, after] = await stepper.step(cursor, question);
    const step = history.length;
    const chosen = paths.map(({ path, row, sum }) => {
      const { item, logProb } = choose(answer, row, path);
      const total = sum + logProb;
      const possible = total > -Infinity;
      const ended = possible && isLast(item, answer.done, row);
      if (!possible) ends[path] = { step, row, item: null, score: sum, complete: false };
      if (ended) ends[path] = { step, row, item, score: total, complete: true };
      return { path, row, item, sum: total, possible, ended };
    });
    const going = chosen.filter((one) => one.possible && !one.ended);
    const [rows, items] = [going.map((one) => one.row), going.map((one) => one.item)];
    history.push({ rows, items, attention: answer.attention });
    cursor = going.length ? stepper.select(after, rows, items) : after;
    paths = going.map(({ path, sum }, row) => ({ path, row, sum }));
  }
  for (const { path, row, sum } of paths) {
    ends[path] = { step: history.length, row, item: null, score: sum, complete: false };
  }
  return ends.map((end) => traced(history, end));
}

/** The most probable continuation of each step. */
export async function decodeGreedy(stepper, source, { maxLength }) {
  const choose = ({ best }, row) => ({ item: best[row].items[0], logProb: best[row].logProbs[0] });
  return rollout(stepper, source, { topK: 1, everything: false }, choose, { maxLength, copies: 1 });
}
