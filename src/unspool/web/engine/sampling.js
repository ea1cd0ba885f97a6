// Drawing answers: see unspool/decoding/sampling.py and unspool/distributions/categorical.py. Log-probabilities are
// divided by the temperature; top-k and top-p (Holtzman et al. 2020) leave out the rest; one is drawn.

import { RandomStream } from "./random_streams.js";
import { rollout } from "./rollout.js";
import { FIRST_EMITTED } from "./symbols.js";

const LEAST_TEMPERATURE = 1e-30;

/** `nBest` samples of a source in the order of drawing; number: the source's number, on which draws depend. */
export async function decodeSample(stepper, source, settings, number = 0) {
  const { nBest, maxLength, topK } = settings;
  const streams = Array.from({ length: nBest }, (_, copy) => new RandomStream([settings.seed, number, copy]));
  const choose = (answer, row, path) => {
    const { items, logProbs } = topK === null ? all(answer.everything[row]) : inOrder(answer.best[row]);
    const place = draw(weights(logProbs, settings), streams[path].next());
    return { item: items[place], logProb: logProbs[place] };
  };
  return rollout(stepper, source, { topK, everything: topK === null }, choose, { maxLength, copies: nBest });
}

function all(row) {
  return { items: Array.from(row, (_, place) => place + FIRST_EMITTED), logProbs: row };
}

/** The best continuations in the order of the items, because rounding may exchange the ranks of equally good ones. */
function inOrder({ items, logProbs }) {
  const order = items.map((_, place) => place).sort((one, other) => items[one] - items[other]);
  return { items: order.map((place) => items[place]), logProbs: order.map((place) => logProbs[place]) };
}

/** The weights for drawing, in float32; 0 for classes that are left out. */
export function weights(logProbs, { temperature, topP }) {
  const most = logProbs.reduce((best, one) => Math.max(best, one), -Infinity);
  const scale = Math.fround(Math.max(temperature, LEAST_TEMPERATURE));
  const tempered = Float32Array.from(logProbs, (one) => {
    const weight = Math.exp(Math.fround(Math.fround(one - most) / scale));
    return Number.isNaN(weight) ? 0 : weight;
  });
  return topP === 1 ? tempered : keepNucleus(tempered, topP);
}

/** The weights with 0 for all except the fewest largest ones that together reach the share p; the first of equals. */
function keepNucleus(tempered, p) {
  const total = tempered.reduce((sum, weight) => sum + weight, 0);
  const order = Array.from(tempered, (_, place) => place);
  order.sort((one, other) => tempered[other] - tempered[one] || one - other);
  const kept = new Float32Array(tempered.length);
  let before = 0;
  for (const place of order) {
    if (before >= p * total) break;
    kept[place] = tempered[place];
    before += tempered[place];
  }
  return kept;
}

/** A place, drawn with a number in [0, 1); a weight of 0 is never drawn, unless all are: then the last place is. */
export function draw(found, uniform) {
  const point = uniform * found.reduce((sum, weight) => sum + weight, 0);
  let edge = 0;
  let last = found.length - 1;
  for (let place = 0; place < found.length; place += 1) {
    if (found[place] === 0) continue;
    edge += found[place];
    if (edge > point) return place;
    last = place;
  }
  return last;
}
