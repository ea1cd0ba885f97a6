// What an engine answered, as the views ask it: the steps of one of the answers, and where the attention was.

import { limitsOf } from "./question_form.js";

/** The work of a model on one source; trace, prediction: as an engine returns them, the first may be null. */
export class Work {
  constructor(question, trace, prediction) {
    Object.assign(this, { question, trace, prediction });
  }

  get sourceTokens() {
    return this.trace?.source_tokens ?? this.prediction?.source_tokens ?? [];
  }

  get steps() {
    return this.trace?.steps ?? [];
  }

  /** The answers: those of the trace where it was told what to write, otherwise those of the prediction. */
  get hypotheses() {
    return (this.prediction ?? this.trace)?.hypotheses ?? [];
  }

  get text() {
    return this.hypotheses[0]?.text ?? "";
  }

  get notes() {
    return (this.prediction ?? this.trace)?.notes ?? [];
  }

  /** Whether the model's lexicon or dictionary answered instead of the network. */
  get isFromLexicon() {
    return this.prediction?.hypotheses[0]?.from !== undefined;
  }

  /** The entries of an answer's symbols, one a step. */
  path(number) {
    return this.places(number).map((place, step) => this.steps[step].live[place]);
  }

  /** The place of an answer in each step. Answers may have been ordered anew after the search; a lexicon has no steps. */
  places(number) {
    const traced = this.trace?.hypotheses ?? [];
    const same = this.isFromLexicon ? -1 : traced.findIndex((one) => one.text === this.hypotheses[number]?.text);
    return traced[same < 0 ? number : same]?.path ?? [];
  }

  /** What the encoder hands over, and whether its attention can be changed. */
  get states() {
    return this.trace?.states ?? null;
  }

  get context() {
    return this.trace?.context ?? null;
  }

  get canEdit() {
    return this.trace?.can_edit ?? false;
  }

  get hasAttention() {
    return this.steps.some((step) => step.live.some((kept) => kept.attention !== null));
  }

  /** What was probable at a step, from 0: by the entry of an answer, or in the first step by any. */
  top(path, step) {
    return this.entry(path, step)?.top ?? [];
  }

  /** The entropy of all symbols there, in nats. */
  entropy(path, step) {
    return this.entry(path, step)?.entropy ?? null;
  }

  entry(path, step) {
    return path[step] ?? this.steps[step]?.live[0];
  }
}

/** Ask an engine for everything that a view shows. forced, edits: what a person changed, then only the trace answers. */
export async function work(engine, model, question, { forced, edits, traced, attention }) {
  const changed = forced.length || edits.length;
  const asked = { ...question, ...(forced.length && { prefix: forced }), ...(edits.length && { edits }) };
  const best = question.beam > 1 ? { n_best: Math.min(question.beam, limitsOf(model).n_best) } : {};
  const [trace, prediction] = await Promise.all([
    traced ? engine.trace(model.id, asked) : null,
    changed ? null : engine.predict(model.id, { ...question, ...best, ...(attention && { attention: true }) }),
  ]);
  return new Work(question, trace, prediction);
}
