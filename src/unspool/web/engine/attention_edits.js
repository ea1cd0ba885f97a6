// What if attention were elsewhere: see unspool/decoding/attention_edits.py. A step is computed once as it is, for its
// weights, which are changed; then again over values that all are the new context, whose mean is that context whatever
// the weights are.

import { Mistake } from "./errors.js";

// How far a weight may be from itself, after values were replaced on which it does not depend.
const ROUNDING = 1e-4;

/** A stepper around the one of a model, in which weights are set for single steps. edits: `[{ step, position, weight }]` */
export class EditedAttention {
  constructor(stepper, edits) {
    Object.assign(this, { stepper, edits: weightsByStep(edits) });
  }

  async open(source) {
    return { inner: await this.stepper.open(source), step: 0 };
  }

  async step({ inner, step }, question) {
    const weights = this.edits.get(step);
    const asked = weights === undefined ? this.stepper.step(inner, question) : this.edited(inner, question, weights);
    const [answer, after] = await asked;
    return [answer, { inner: after, step: step + 1 }];
  }

  select({ inner, step }, rows, items) {
    return { inner: this.stepper.select(inner, rows, items), step };
  }

  async edited(inner, question, weights) {
    const values = this.stepper.values(inner);
    if (values === null) throw impossible();
    const [{ attention }] = await this.stepper.step(inner, { topK: 1, everything: false });
    const [{ data, dims }] = attention;
    const rows = Array.from({ length: dims[0] }, (_, row) => Array.from(data.subarray(row * dims[1], (row + 1) * dims[1])));
    const changed = rows.map((row) => editWeights(row, weights));
    const contexts = changed.map((row, at) => mean(row, sum(rows[at]) || 1, values));
    const [answer, after] = await this.stepper.step(this.stepper.withContexts(inner, contexts), question);
    const found = answer.attention[0].data;
    // Otherwise the values are read for something else, too.
    if (!data.every((weight, place) => Math.abs(weight - found[place]) <= ROUNDING)) throw impossible();
    const leaf = { data: Float32Array.from(changed.flat()), dims };
    return [{ ...answer, attention: [leaf] }, this.stepper.withMemoryOf(after, inner)];
  }
}

/** The weights of each edited step by their positions; of two for the same position the later one counts. */
export function weightsByStep(edits) {
  const found = new Map();
  for (const { step, position, weight } of edits) {
    const counts = Number.isInteger(step) && Number.isInteger(position) && step >= 0 && position >= 0;
    if (!counts || !(weight >= 0 && weight <= 1)) {
      const what = `A weight of ${weight} at step ${step} and position ${position} is none.`;
      throw new Mistake(what, "Steps and positions begin at 0, and a weight is between 0 and 1.");
    }
    if (!found.has(step)) found.set(step, new Map());
    found.get(step).set(position, weight);
  }
  for (const [step, weights] of found) {
    if (sum([...weights.values()]) > 1 + 1e-6) {
      throw new Mistake(`The weights of step ${step} together exceed 1.`, "Leave some for the other positions, or 0.");
    }
  }
  return found;
}

/** A row of weights with these at their positions; the others share the rest in proportion, or evenly. */
export function editWeights(row, weights) {
  const last = Math.max(...weights.keys());
  if (last >= row.length) {
    const what = `The source has ${row.length} positions, and a weight was set for number ${last}.`;
    throw new Mistake(what, "Positions are those of its symbols, from 0.");
  }
  const others = row.map((weight, place) => (weights.has(place) ? 0 : weight));
  const even = row.map((_, place) => (weights.has(place) ? 0 : 1));
  const shares = sum(others) > 0 ? others : even;
  const [total, left] = [sum(shares) || 1, 1 - sum([...weights.values()])];
  return shares.map((share, place) => weights.get(place) ?? (share / total) * left);
}

/** The weighted mean of values `[1, S, D]`. */
function mean(weights, total, { data, dims }) {
  const [, , width] = dims;
  return Array.from({ length: width }, (_, feature) => {
    const at = (place) => data[place * width + feature];
    return sum(weights.map((weight, place) => weight * at(place))) / total;
  });
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function impossible() {
  const what = "The attention of this model cannot be changed: it has none, several, or uses the weights themselves as well.";
  return new Mistake(what, "Ask without a change.");
}
