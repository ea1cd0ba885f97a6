// One model at work: its answer, step by step, and what changes when a person changes something.

import { Alignment } from "./alignment.js";
import { answers } from "./answers.js";
import { beamTree } from "./beam_tree.js";
import { documentView } from "./document_view.js";
import { inkDrawing, valuesChart } from "./drawing.js";
import { element, percent, visible } from "./elements.js";
import { Player } from "./player.js";
import { probabilities } from "./probabilities.js";
import { readsNumbers, writesNumbers } from "./question_form.js";
import { said } from "./said.js";
import { weightForm } from "./weight_form.js";
import { weightsTable } from "./weights_table.js";
import { work } from "./work.js";

/** What a person changed: symbols that the answer begins with, weights, and the step that is shown then. */
const UNCHANGED = { forced: [], edits: [], goal: Infinity };

/** The view of a model; `root` is its element. */
export class ModelView {
  constructor(engine, model) {
    this.root = element("article", { class: "model", "aria-label": model.id });
    Object.assign(this, { engine, model, found: null, before: null, failure: null, turn: 0, chosen: 0, at: 0, ...UNCHANGED });
  }

  /** In these words from now on. */
  speak(words) {
    this.words = words;
    this.render();
  }

  /** A new question, without what was changed in the last one. */
  async ask(question) {
    const empty = typeof question.source === "string" ? !question.source && !this.model.reads.startsWith("running") : !question.source.length;
    if (empty) {
      this.turn += 1;
      Object.assign(this, { found: null, before: null, failure: null });
      this.root.removeAttribute("aria-busy");
      this.render();
      return;
    }
    await this.answer(question, UNCHANGED);
  }

  /** The same question with other changes; without changes it is as it was. */
  async change(changes = UNCHANGED) {
    await this.answer(this.found.question, { ...UNCHANGED, ...changes });
  }

  /** Where there is no answer, everything stays as it was, beside the reason. */
  async answer(question, changes) {
    const turn = ++this.turn;
    const { model, found: before } = this;
    this.root.setAttribute("aria-busy", "true");
    let failure = null;
    try {
      const asked = { ...changes, traced: !writesNumbers(model), attention: model.reads === "document" };
      const found = await work(this.engine, model, question, asked);
      if (turn === this.turn) Object.assign(this, { found, before, chosen: 0, ...changes });
    } catch (error) {
      failure = error;
    }
    if (turn !== this.turn) return; // something else was asked meanwhile
    this.failure = failure;
    this.root.removeAttribute("aria-busy");
    this.render(failure === null);
  }

  /** Everything anew; isNew: whether there is something new to play. */
  render(isNew = false) {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.keep : undefined;
    this.player?.stop();
    this.player = null;
    const { model, words, failure, found } = this;
    const about = `${model.architecture} · ${words.reads}: ${model.reads} · ${words.writes}: ${model.writes}`;
    this.root.replaceChildren(
      element("h2", {}, model.id, " ", element("small", {}, about)),
      failure ? element("p", { role: "alert", class: "failure" }, failure.message) : "",
      ...(found ? this.body(isNew) : []),
    );
    this.alignment?.draw();
    if (focused) this.root.querySelector(`[data-keep="${focused}"]`)?.focus();
  }

  body(isNew) {
    const { found, words, model } = this;
    const parts = [said(words, this, () => this.change())];
    if (writesNumbers(model)) return [...parts, element("p", {}, words.noSteps), this.numbers()];
    // The answers of a lexicon have no steps that could be shown instead.
    const choose = found.isFromLexicon ? null : (number) => this.choose(number);
    const list = found.hypotheses.length > 1 ? [element("h3", {}, words.best), answers(words, found.hypotheses, this.chosen, choose)] : [];
    if (model.writes === "label") return [...parts, ...this.labels()];
    if (!found.steps.length) return [...parts, ...list];
    if (found.isFromLexicon) {
      const alone = element("p", {}, words.networkSays(found.trace.hypotheses[0]?.text || words.nothing));
      return [...parts, ...list, alone, ...this.stepped(isNew), ...this.details()];
    }
    return [...parts, ...this.stepped(isNew), ...list, ...this.details()];
  }

  numbers() {
    const values = this.found.hypotheses[0]?.values ?? [];
    return this.model.writes === "ink" ? inkDrawing(this.words, values) : valuesChart(this.words, values);
  }

  labels() {
    const { found, words, model } = this;
    const path = found.path(0);
    const bars = [element("h3", {}, words.labels), probabilities(words, found.top(path, 0), path[0], null), element("p", { class: "note" }, entropySaid(words, found.entropy(path, 0)))];
    const attention = found.prediction?.hypotheses[0]?.attention;
    return model.reads === "document" && attention ? [...bars, documentView(words, found.prediction)] : bars;
  }

  /** What moves with the player. */
  stepped(isNew) {
    const { found, words } = this;
    this.path = found.path(this.chosen);
    this.alignment?.watch.disconnect();
    this.alignment = new Alignment(words);
    this.chances = element("div", {});
    this.unsure = element("p", { class: "note" });
    this.tree = element("div", {});
    this.weight = element("div", {});
    this.status = element("p", { class: "status", role: "status" });
    this.player = new Player(words, (at, byHand) => this.show(at, byHand));
    const still = !isNew || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const changed = this.forced.length || this.edits.length;
    this.player.begin(this.path.length, isNew ? (still || changed ? this.goal : 0) : this.at);
    if (isNew && !still && !changed) this.player.play();
    return [
      this.player.root, this.status, this.alignment.root, element("h3", {}, words.next),
      element("small", {}, words.nextHint), this.chances, this.unsure,
    ];
  }

  details() {
    const { found, words } = this;
    const deep = found.steps.some((step) => step.live.length > 1);
    const told = found.hasAttention && !readsNumbers(this.model);
    const reason = element("p", { class: "note" }, words.noChange);
    return [
      told && !found.canEdit ? reason : null,
      told && found.canEdit ? element("details", { open: this.open, ontoggle: (event) => (this.open = event.target.open) }, element("summary", { "data-keep": "what-if" }, words.changeWeight), this.weight) : null,
      ...(deep ? [element("h3", {}, words.tree), this.tree] : []),
      told ? element("details", {}, element("summary", {}, words.weights), weightsTable(words, found.sourceTokens, this.path)) : null,
    ].filter(Boolean);
  }

  /** The steps until `at`. */
  show(at, byHand) {
    const { found, path, words } = this;
    this.at = at;
    const kept = at ? path[at - 1] : null;
    const next = Math.max(0, at - 1);
    const weights = kept?.attention ?? null;
    const { sourceTokens, hasAttention, states, context } = found;
    const isTagger = this.model.writes === "tags";
    this.alignment.show({ sourceTokens, tokens: path.map((one) => one.token), at, weights, hasAttention, isTagger, states, context });
    this.unsure.textContent = entropySaid(words, found.entropy(path, next));
    this.chances.replaceChildren(probabilities(words, found.top(path, next), kept, (one) => this.force(next, one)));
    this.tree.replaceChildren(beamTree(words, found.steps, found.places(this.chosen), at));
    this.weight.replaceChildren(weights ? weightForm(words, found.sourceTokens, weights, next, (position, weight) => this.edit(next, position, weight)) : words.start);
    if (byHand) this.status.textContent = this.tell(at, kept);
  }

  tell(at, kept) {
    const { found, words, path } = this;
    if (!kept) return words.start;
    const largest = kept.attention ? kept.attention.indexOf(Math.max(...kept.attention)) : -1;
    const looks = largest < 0 ? "" : ` ${words.looks(visible(words, found.sourceTokens[largest]), percent(kept.attention[largest]))}`;
    return words.told(at, path.length, visible(words, kept.token), percent(Math.exp(kept.log_prob))) + looks;
  }

  choose(number) {
    Object.assign(this, { chosen: number, at: Infinity });
    this.render();
  }

  /** Go on from another symbol at a step. */
  force(step, { item }) {
    const forced = [...this.path.slice(0, step).map((one) => one.item), item];
    this.change({ forced, edits: this.edits.filter((edit) => edit.step <= step), goal: step + 1 });
  }

  /** Give a position of the source another weight at a step. */
  edit(step, position, weight) {
    const edits = [...this.edits.filter((edit) => edit.step !== step), { step, position, weight }];
    this.change({ forced: this.forced, edits, goal: step + 1 });
  }
}

/** How unsure the model was, in words. */
function entropySaid(words, entropy) {
  return entropy === null ? "" : words.entropy(entropy.toFixed(2), Math.exp(entropy).toFixed(1));
}
