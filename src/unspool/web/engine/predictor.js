// A model that answers, as unspool/predictor.py: a source in, answers with their scores out, in the same JSON.

import { confidenceOf } from "./confidence.js";
import { PrefixConstraint } from "./constraints.js";
import { Mistake } from "./errors.js";
import { notesOf } from "./notes.js";
import { joinedPrediction, splitSource } from "./paragraphs.js";
import { rounded, shownStep, traceSearch } from "./search_trace.js";
import { search } from "./search.js";
import { settingsOf } from "./settings.js";
import { shownInside } from "./strips.js";
import { EOS, FIRST, SPECIALS, UNK } from "./symbols.js";
import { strip } from "./whitespace.js";

/** What an empty source shows of the inside of a model. */
const NOTHING = { can_edit: false, states: null, context: null };

/** A loaded model; model: what the export wrote of it, see unspool/export/web_model.py. */
export class Predictor {
  constructor(model, fields, stepper, lexicon) {
    Object.assign(this, { model, fields, stepper, lexicon });
  }

  /** As `predict --json`, and what should be known about how the source was read. */
  async predict({ source, prefix = "", ...asked }) {
    const settings = settingsOf(this.model.decoding, asked);
    const parts = prefix || settings.sample ? [source] : this.parts(source, settings.nBest);
    if (parts.length === 1) return this.answer(source, prefix, settings);
    const predictions = [];
    for (const part of parts.filter((one) => strip(one) !== "")) {
      predictions.push(await this.answer(part, "", settings));
    }
    return joinedPrediction(source, parts, predictions);
  }

  /** The search for an answer, step by step, without the lexicon; as `/v1/trace`. prefix: a text, or ids of a trace. */
  async trace({ source, prefix = "", edits = [], ...asked }) {
    const { target } = this.fields;
    const settings = settingsOf(this.model.decoding, asked);
    if (settings.sample && settings.nBest > 1) throw new Mistake("A trace follows one sample.", "Leave out n_best.");
    const { item, kept } = this.read(source);
    const notes = (cut) => notesOf(this, source, item, cut);
    if (!this.answers(item)) return { source, source_tokens: [], steps: [], hypotheses: [], notes: notes(false), ...NOTHING };
    const begin = this.prefix(prefix, item, settings);
    const found = await traceSearch(this.stepper, kept, settings, begin, edits);
    const name = (id) => (id < FIRST ? SPECIALS[id] : target.token(id, item));
    const hypotheses = found.hypotheses.map((one, place) => {
      const { text, score, finished, tokens } = this.toJSON(one, item);
      return { text, score, finished, tokens, path: found.paths[place] };
    });
    const names = this.fields.source.display(kept);
    return {
      source,
      source_tokens: names,
      steps: found.steps.map((step) => shownStep(step, name)),
      hypotheses,
      notes: notes(this.isCut(found.hypotheses)),
      ...shownInside(found.inside, names),
    };
  }

  /** The source in parts that are answered one by one; one that the lexicon knows stays whole. */
  parts(source, nBest) {
    const { longest } = this.model;
    if (!longest || typeof source !== "string" || this.lexicon?.find(source, nBest, "").length) return [source];
    return splitSource(source, longest, (text) => this.fields.source.encode(text).ids.length);
  }

  async answer(source, prefix, settings) {
    const { item, kept } = this.read(source);
    const { ids, barred } = this.prefix(prefix, item, settings);
    const known = this.lexicon?.find(source, settings.nBest, prefix) ?? [];
    const tokens = this.fields.source.display(kept);
    const sentences = this.fields.source.sentences(kept);
    const shown = { source, source_tokens: tokens, ...(sentences === null ? {} : { sentences }) };
    if (known.length) return { ...shown, hypotheses: known.map((text) => this.fromLexicon(text)), notes: [] };
    const stepper = ids.length ? new PrefixConstraint(this.stepper, ids, barred) : this.stepper;
    const found = this.answers(item) ? await search(stepper, kept, settings) : [];
    const hypotheses = found.map((one) => this.toJSON(one, item));
    return { ...shown, hypotheses, notes: notesOf(this, source, item, this.isCut(found)) };
  }

  read(source) {
    const item = this.fields.source.encode(source);
    return { item, kept: this.fields.source.truncate(item, this.model.max_source) };
  }

  /** Whether a source has an answer: an empty one may have none. */
  answers(item) {
    return item.ids.length > 0 || this.fields.source.mayBeEmpty;
  }

  isCut(hypotheses) {
    return this.fields.target.ends && hypotheses.length > 0 && !hypotheses[0].finished;
  }

  prefix(prefix, item, { maxLength }) {
    if (!prefix.length) return { ids: [], barred: [] };
    const given = typeof prefix !== "string";
    const ids = given ? prefix : this.fields.target.encodePrefix(prefix, item);
    const most = this.fields.target.tokenizer.size + item.copied.length;
    if (given && !ids.every((id) => Number.isInteger(id) && id >= UNK && id < most && id !== EOS)) {
      throw new Mistake("The prefix holds a number that is no symbol of an answer.", "Take the numbers from a trace.");
    }
    if (ids.length >= maxLength) {
      throw new Mistake(`The prefix has ${ids.length} symbols, and answers have at most ${maxLength}.`, "Raise it.");
    }
    return { ids, barred: given ? [] : this.fields.target.changing(ids) };
  }

  toJSON({ items, score, finished, attention }, item) {
    const { text, tokens } = this.fields.target.decode(items, item);
    const { confidence } = this.model;
    const sure = confidence ? { confidence: rounded(confidenceOf(confidence, score, tokens.length + 1), 6) } : {};
    return { text, score: rounded(score, 6), ...sure, finished, tokens, attention: this.shown(attention) };
  }

  /** Weights of four decimals. */
  shown(attention) {
    if (attention === null) return null;
    return Array.isArray(attention) ? attention.map((inner) => this.shown(inner)) : rounded(attention, 4);
  }

  fromLexicon(text) {
    const sure = this.model.confidence ? { confidence: 1 } : {};
    const tokens = this.fields.target.tokenizer.symbols(this.fields.target.read(text));
    return { text, score: 0, ...sure, finished: true, tokens, attention: null, from: "lexicon" };
  }
}
