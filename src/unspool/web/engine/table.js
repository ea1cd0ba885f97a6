// Functions of a table of log-probabilities `[R][C]`, whose class c is the item 2 + c: see unspool/decoding/table.py.
// A row is a Float32Array.

import { FIRST_EMITTED } from "./symbols.js";

/** The k best of a row, best first, as `{ items, logProbs }`; ties go to the lower item. */
export function topKOf(row, k) {
  const classes = Array.from(row, (_, place) => place);
  classes.sort((one, other) => descending(row[one], row[other]) || one - other);
  const best = classes.slice(0, k);
  return { items: best.map((place) => place + FIRST_EMITTED), logProbs: best.map((place) => row[place]) };
}

/** The entropy of a row in nats: 0 where one class is certain. */
export function entropyOf(row) {
  return row.reduce((sum, logProb) => (logProb > -Infinity ? sum - Math.exp(logProb) * logProb : sum), 0);
}

/** A row with -Infinity for all except one item. */
export function only(row, item) {
  const alone = row.map(() => -Infinity);
  const place = item - FIRST_EMITTED;
  if (place >= 0 && place < row.length) alone[place] = row[place];
  return alone;
}

/** A row with -Infinity for these items. */
export function without(row, items) {
  const barred = row.slice();
  for (const item of items) {
    if (item >= FIRST_EMITTED && item - FIRST_EMITTED < row.length) barred[item - FIRST_EMITTED] = -Infinity;
  }
  return barred;
}

/** The answer to a question from the whole distribution of each row; rest: attention and done. */
export function lookUp(table, question, rest) {
  const best = question.topK === null ? null : table.map((row) => topKOf(row, question.topK));
  return { ...rest, best, everything: question.everything ? table : null };
}

/** For sorting, the larger first; equal infinities are equal. */
export function descending(one, other) {
  return one === other ? 0 : other - one;
}
