// What is asked: which models, the source, and how the answer is searched.

import { element } from "./elements.js";

// The widest beam of a page without a server, whose models have no limits of their own.
const WIDEST = 32;
const NUMBERS = ["values", "ink", "points"];

/** Whether a model forecasts series: then it reads a table, and says how many steps it can. */
export function forecasts(model) {
  return typeof model.horizon === "number";
}

/** Whether a model reads numbers and no text. */
export function readsNumbers(model) {
  return NUMBERS.some((kind) => model.reads.includes(kind));
}

/** Whether a model writes numbers and no symbols. */
export function writesNumbers(model) {
  return NUMBERS.some((kind) => model.writes.includes(kind));
}

/** The most that a model may be asked for. */
export function limitsOf(model) {
  return { beam: WIDEST, n_best: WIDEST, ...model?.limits };
}

/** The form; `root` is its element. kept: values of an earlier form, see `values`. */
export class QuestionForm {
  constructor(models, words, { onAsk, onTyped, kept }) {
    Object.assign(this, { models, words, open: kept?.open ?? matchMedia("(min-width: 50rem)").matches });
    const values = kept ?? { chosen: models.slice(0, 1).map((model) => model.id), source: "", beam: Math.min(models[0]?.decoding?.beam ?? 1, limitsOf(models[0]).beam), draw: false, temperature: 1, seed: 1, longest: "" };
    this.boxes = models.map((model) => element("input", { type: "checkbox", id: `model-${model.id}`, checked: values.chosen.includes(model.id), onchange: onAsk }));
    this.source = element("textarea", { id: "source", rows: 3, spellcheck: "false", autocapitalize: "off", "aria-describedby": "source-hint", oninput: onTyped, onkeydown: (event) => this.enter(event, onAsk) });
    this.source.value = values.source;
    const number = (id, value, more) => element("input", { id, type: "number", value, onchange: onAsk, ...more });
    this.beam = number("beam", values.beam, { min: 1, max: Math.max(...models.map((model) => limitsOf(model).beam), 1), step: 1 });
    this.draw = element("input", { id: "draw", type: "checkbox", checked: values.draw, onchange: onAsk });
    this.temperature = number("temperature", values.temperature, { min: 0.05, max: 5, step: 0.05 });
    this.seed = number("seed", values.seed, { min: 0, step: 1 });
    this.longest = number("longest", values.longest, { min: 1, step: 1 });
    this.root = this.render(onAsk);
    this.allow();
  }

  render(onAsk) {
    const { words } = this;
    const submit = (event) => {
      event.preventDefault();
      onAsk();
    };
    const choices = this.models.map((model, place) => element(
      "label", { for: `model-${model.id}`, class: "choice" }, this.boxes[place],
      element("span", {}, model.id, element("small", {}, ` ${model.architecture}: ${model.reads} → ${model.writes}`)),
    ));
    const field = (id, text, input) => element("p", { class: "field" }, element("label", { for: id }, text), input);
    this.root = element(
      "form", { class: "question", onsubmit: submit, onchange: () => this.allow() },
      field("source", words.source, this.source),
      element("small", { id: "source-hint" }, this.hint()),
      element("button", { class: "main" }, words.answerIt),
      element("fieldset", {}, element("legend", {}, words.models), ...choices),
      element(
        "details", { class: "settings", open: this.open, ontoggle: (event) => (this.open = event.target.open) }, element("summary", {}, words.settings),
        field("beam", words.beam, this.beam), field("longest", words.longest, this.longest),
        element("p", { class: "field" }, element("label", { for: "draw", class: "choice" }, this.draw, words.draw)),
        field("temperature", words.temperature, this.temperature), field("seed", words.seed, this.seed),
      ),
    );
    return this.root;
  }

  hint() {
    const { models, words } = this;
    const numbers = models.some((model) => readsNumbers(model) && !forecasts(model)) ? `; ${words.numbersHint}` : "";
    return words.sourceHint + numbers + (models.some(forecasts) ? `; ${words.tableHint}` : "");
  }

  /** A draw has no beam, and a search no temperature. */
  allow() {
    this.beam.disabled = this.draw.checked;
    this.temperature.disabled = this.seed.disabled = !this.draw.checked;
  }

  enter(event, onAsk) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || this.chosen().some(readsNumbers)) return;
    event.preventDefault();
    onAsk();
  }

  chosen() {
    return this.models.filter((_, place) => this.boxes[place].checked);
  }

  values() {
    const { source, beam, draw, temperature, seed, longest, open } = this;
    const chosen = this.chosen().map((model) => model.id);
    return { chosen, source: source.value, beam: beam.value, draw: draw.checked, temperature: temperature.value, seed: seed.value, longest: longest.value, open };
  }

  /** The question to a model, as /v1/trace takes it. */
  question(model) {
    const text = this.source.value;
    if (forecasts(model)) return { source: text, horizon: Number(this.longest.value) || null };
    const source = readsNumbers(model) ? steps(text) : text;
    const most = this.longest.value ? { max_length: Number(this.longest.value) } : {};
    if (this.draw.checked) return { source, sample: true, temperature: Number(this.temperature.value), seed: Number(this.seed.value), ...most };
    return writesNumbers(model) ? { source, ...most } : { source, beam: Math.min(Number(this.beam.value) || 1, limitsOf(model).beam), ...most };
  }
}

function steps(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => line.trim().split(/[\s,]+/).map(Number));
}
