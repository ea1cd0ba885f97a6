// Beam search over one source, with the rules of unspool/decoding/beam.py: a finished hypothesis uses up one of the K
// places; live ones are ranked by the sum of their log-probabilities, finished ones by the sum divided by the length
// penalty plus the coverage penalty. Ties are resolved by the lower place, then by the stepper's order, then by the
// earlier end. A row is a live hypothesis; row w has the place w.

import { Mistake } from "./errors.js";
import { isLast, traced } from "./history.js";
import { coveragePenalty, lengthPenalty } from "./penalties.js";
import { descending } from "./table.js";

/** The `nBest` hypotheses of a source, best first. */
export async function beamSearch(stepper, source, settings) {
  const { nBest, maxLength, alpha, beta } = settings;
  let cursor = await stepper.open(source);
  let live = { sums: [0], places: settings.beam, best: Array(nBest).fill(-Infinity), coverage: [null] };
  const [history, ends] = [[], []];
  while (live.sums.length && history.length < maxLength) {
    const [answer, after] = await stepper.step(cursor, { topK: live.places, everything: false });
    const chosen = expand(live, answer, history.length + 1, settings);
    recordEnds(ends, live, chosen, history.length);
    const kept = prune(finish(live, chosen), chosen, lengthPenalty(maxLength, alpha));
    history.push({ rows: kept.rows, items: kept.items, attention: answer.attention });
    live = kept.live;
    cursor = live.sums.length ? stepper.select(after, kept.rows, kept.items) : after;
  }
  const cut = live.sums.map((sum, row) => sum + (beta && history.length ? coveragePenalty(live.coverage[row], beta) : 0));
  recordLive(ends, live, history.length, cut);
  return ranked(ends).slice(0, nBest).map((end) => traced(history, end));
}

/** The continuations that get a place, best first. */
function expand(live, answer, length, { alpha, beta }) {
  const continuations = live.sums.flatMap((sum, row) => {
    const { items, logProbs } = answer.best[row];
    return items.map((item, place) => ({ row, item, sum: sum + logProbs[place] }));
  });
  continuations.sort((one, other) => descending(one.sum, other.sum));
  const penalty = lengthPenalty(length, alpha);
  const covered = beta ? live.coverage.map((before, row) => addAttention(before, answer, row)) : live.coverage;
  return continuations.slice(0, live.places).map((one) => {
    const ended = one.sum > -Infinity && isLast(one.item, answer.done, one.row);
    const coverage = covered[one.row];
    const ranking = one.sum / penalty + (beta ? coveragePenalty(coverage, beta) : 0);
    return { ...one, ended, ranking, coverage };
  });
}

function addAttention(before, answer, row) {
  if (answer.attention === null || answer.attention.length !== 1 || answer.attention[0].dims.length !== 2) {
    const what = "A coverage penalty needs one attention over the source, and this model has none, or several.";
    throw new Mistake(what, "Leave the coverage penalty at 0.");
  }
  const { data, dims } = answer.attention[0];
  const weights = data.subarray(row * dims[1], (row + 1) * dims[1]);
  return Array.from(weights, (weight, place) => weight + (before === null ? 0 : before[place]));
}

/** Gives places to the hypotheses that end in this step. */
function finish(live, chosen) {
  const ended = chosen.filter((one) => one.ended);
  const best = [...live.best, ...ended.map((one) => one.ranking)].sort(descending).slice(0, live.best.length);
  return { ...live, places: live.places - ended.length, best };
}

/** What goes on: nothing if no live hypothesis may still become one of the n best finished ones. */
function prune(live, chosen, longestPenalty) {
  const alive = chosen.filter((one) => !one.ended && one.sum > -Infinity);
  // Log-probabilities are at most zero, so a sum can only fall. A tie is not enough: who finished earlier comes first.
  const goes = alive.length > 0 && alive[0].sum / longestPenalty > live.best.at(-1);
  const going = goes ? alive : [];
  const next = { ...live, sums: going.map((one) => one.sum), coverage: going.map((one) => one.coverage) };
  return { live: next, rows: going.map((one) => one.row), items: going.map((one) => one.item) };
}

function recordEnds(ends, live, chosen, step) {
  for (const { ended, row, item, sum, ranking } of chosen) {
    if (ended) ends.push({ step, row, item, score: sum, complete: true, ranking });
  }
  const stuck = !(chosen.length && chosen[0].sum > -Infinity);
  if (stuck) recordLive(ends, live, step, live.sums.map(() => -Infinity));
}

/** The live hypotheses as they are before a step, as unfinished. */
function recordLive(ends, live, step, rankings) {
  live.sums.forEach((score, row) => {
    ends.push({ step, row, item: null, score, complete: false, ranking: rankings[row] });
  });
}

/** By their ranking score; then those that cannot be continued, by sum. */
function ranked(ends) {
  const possible = ends.filter((end) => end.ranking > -Infinity);
  const others = ends.filter((end) => !(end.ranking > -Infinity));
  possible.sort((one, other) => descending(one.ranking, other.ranking));
  others.sort((one, other) => descending(one.score, other.score));
  return [...possible, ...others];
}
