// A search that is recorded: every hypothesis of every step, and what else was probable. See
// unspool/decoding/search_trace.py, whose JSON this is. The recorder stands below constraints, so what it shows as
// probable is what the model says by itself.

import { EditedAttention } from "./attention_edits.js";
import { PrefixConstraint } from "./constraints.js";
import { nested } from "./history.js";
import { search } from "./search.js";
import { EOS, FIRST_EMITTED } from "./symbols.js";
import { entropyOf, lookUp, topKOf } from "./table.js";

/** The most probable next items that are kept of each row. */
const TOP = 10;

class Recorder {
  constructor(stepper) {
    Object.assign(this, { stepper, steps: [] });
  }

  async open(source) {
    return { inner: await this.stepper.open(source), scores: [0], table: [] };
  }

  async step({ inner, scores }, question) {
    const [answer, after] = await this.stepper.step(inner, { topK: null, everything: true });
    const table = answer.everything;
    const top = table.map((row) => topKOf(row, TOP));
    this.steps.push({ top, entropies: table.map(entropyOf), attention: answer.attention, kept: [] });
    return [lookUp(table, question, answer), { inner: after, scores, table }];
  }

  select({ inner, scores, table }, rows, items) {
    const chosen = rows.map((row, place) => table[row][items[place] - FIRST_EMITTED]);
    const sums = rows.map((row, place) => scores[row] + chosen[place]);
    rows.forEach((parent, place) => {
      const kept = { parent, item: items[place], logProb: chosen[place], score: sums[place], finished: false };
      this.steps.at(-1).kept.push(kept);
    });
    return { inner: this.stepper.select(inner, rows, items), scores: sums, table };
  }

  /** The places of a hypothesis in `kept` of every step; one that ended gets an entry of its own. */
  path({ rows, items, finished, score }) {
    if (!rows.length) return [];
    const path = rows.slice(1);
    const [step, row] = [this.steps[rows.length - 1], rows.at(-1)];
    if (!finished) return [...path, step.kept.findIndex((kept) => kept.parent === row && kept.item === items.at(-1))];
    const item = items.length < rows.length ? EOS : items.at(-1);
    const before = path.length ? this.steps[path.length - 1].kept[row].score : 0;
    step.kept.push({ parent: row, item, logProb: score - before, score, finished: true });
    return [...path, step.kept.length - 1];
  }
}

/** The steps of the search of a source, its hypotheses, best first, and the path of each. edits: of the attention. */
export async function traceSearch(stepper, source, settings, { ids: prefix, barred }, edits) {
  const recorder = new Recorder(edits.length ? new EditedAttention(stepper, edits) : stepper);
  const searched = prefix.length ? new PrefixConstraint(recorder, prefix, barred) : recorder;
  const whole = settings.sample ? settings : { ...settings, nBest: settings.beam };
  const hypotheses = await search(searched, source, whole);
  const paths = hypotheses.map((hypothesis) => recorder.path(hypothesis));
  const opened = await stepper.open(source); // encoded once more, for what is shown of it
  const inside = { handedOver: stepper.handedOver(opened), canEdit: stepper.values(opened) !== null };
  return { steps: recorder.steps, hypotheses, paths, inside };
}

/** The hypotheses of a step as the page shows them; name: from an item to its text. */
export function shownStep({ top, entropies, attention, kept }, name) {
  const one = attention !== null && attention.length === 1 && attention[0].dims.length === 2 ? attention[0] : null;
  return {
    live: kept.map(({ parent, item, logProb, score, finished }) => ({
      parent,
      item,
      token: name(item),
      log_prob: rounded(logProb, 6),
      score: rounded(score, 6),
      finished,
      attention: one === null ? null : nested(one, parent).map((weight) => rounded(weight, 6)),
      top: probable(top[parent], name),
      entropy: rounded(entropies[parent], 6),
    })),
  };
}

function probable({ items, logProbs }, name) {
  const pairs = items.map((item, place) => ({ item, token: name(item), probability: Math.exp(logProbs[place]) }));
  return pairs.filter((one) => one.probability > 0).map((one) => ({ ...one, probability: rounded(one.probability, 6) }));
}

/** A number with so many decimals. */
export function rounded(number, decimals) {
  return Number.isFinite(number) ? Number(number.toFixed(decimals)) : number;
}
