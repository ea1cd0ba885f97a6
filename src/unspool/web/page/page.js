// The page: what is asked on the left, each chosen model at work on the right.

import { element } from "./elements.js";
import { ForecastView } from "./forecast_view.js";
import { keyForm } from "./key_form.js";
import { ModelView } from "./model_view.js";
import { forecasts, QuestionForm } from "./question_form.js";
import { firstLanguage, rememberLanguage, WORDS } from "./words.js";

/** So long after the last key a question is asked by itself, in milliseconds. */
const PATIENCE = 500;

/** Fill a document with the page; engine: what answers, see `server_engine.js`. */
export async function showPage(document, engine) {
  const page = new Page(document, engine);
  await page.begin();
}

class Page {
  constructor(document, engine) {
    Object.assign(this, { document, engine, models: [], views: new Map(), asked: null, failure: null });
    this.language = firstLanguage();
  }

  get words() {
    return WORDS[this.language];
  }

  async begin() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    let [models, failure] = [[], null];
    try {
      models = await this.engine.models();
    } catch (error) {
      failure = error;
    }
    if (turn !== this.turn) return; // another key was tried meanwhile
    Object.assign(this, { models, failure });
    this.render();
  }

  /** Everything anew, in the language of the moment; answers stay. */
  render() {
    const { words } = this;
    this.document.documentElement.lang = this.language;
    const kept = this.form?.models.length ? this.form.values() : undefined; // before a key there is nothing to keep
    this.form = new QuestionForm(this.models, words, {
      onAsk: () => this.ask(), onTyped: () => this.askSoon(), kept,
    });
    this.right = element("div", { class: "views" });
    this.document.body.replaceChildren(this.header(), this.main());
    this.arrange();
  }

  header() {
    const { words } = this;
    const turn = () => {
      this.language = words.otherCode;
      rememberLanguage(this.language);
      this.render();
      this.document.querySelector(".language").focus();
    };
    const language = element("button", { type: "button", class: "language", lang: words.otherCode, onclick: turn }, words.other);
    return element("header", {}, element("h1", {}, "Unspool"), element("p", {}, words.lead), language);
  }

  main() {
    const { words, failure } = this;
    if (failure?.status === 401) {
      return element("main", {}, keyForm(words, (key) => {
        this.engine.key = key;
        return this.begin();
      }));
    }
    if (failure) return element("main", {}, element("p", { role: "alert", class: "failure" }, failure.message));
    if (!this.models.length) return element("main", {}, element("p", {}, words.noModels));
    return element("main", { class: "sides" }, this.form.root, this.right);
  }

  /** A view for each chosen model, in the order of the models. */
  arrange() {
    const chosen = this.form.chosen();
    for (const model of chosen) {
      if (!this.views.has(model.id)) this.views.set(model.id, forecasts(model) ? new ForecastView(this.engine, model) : new ModelView(this.engine, model));
    }
    const views = chosen.map((model) => this.views.get(model.id));
    for (const view of views) view.speak(this.words);
    this.right.replaceChildren(...views.map((view) => view.root));
    if (!views.length) this.right.append(element("p", {}, this.words.choose));
    return views;
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PATIENCE);
  }

  ask() {
    clearTimeout(this.timer);
    for (const view of this.arrange()) view.ask(this.form.question(view.model));
  }
}
