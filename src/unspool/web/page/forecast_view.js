// A forecaster at work: the series of a table, each with its fan, and the numbers behind it.

import { element } from "./elements.js";
import { fanChart, shortNumber } from "./fan_chart.js";
import { columnsOf } from "./history_table.js";

/** Series that are drawn; the others are in the answer of the server. */
const MOST = 8;

/** The view of a model; `root` is its element. */
export class ForecastView {
  constructor(engine, model) {
    this.root = element("article", { class: "model", "aria-label": model.id });
    Object.assign(this, { engine, model, found: null, failure: null, turn: 0 });
  }

  /** In these words from now on. */
  speak(words) {
    this.words = words;
    this.render();
  }

  /** Another table, `source`, and so many steps. */
  async ask({ source, horizon }) {
    const turn = ++this.turn;
    let [found, failure] = [null, null];
    this.root.setAttribute("aria-busy", "true");
    try {
      if (source.trim()) found = await this.engine.forecast(this.model.id, { history: columnsOf(this.words, source), ...(horizon && { horizon }) });
    } catch (error) {
      [found, failure] = [this.found, error];
    }
    if (turn !== this.turn) return; // something else was asked meanwhile
    Object.assign(this, { found, failure });
    this.root.removeAttribute("aria-busy");
    this.render();
  }

  render() {
    const { model, words, failure, found } = this;
    const about = `${model.architecture} · ${words.forecasts(model.horizon)}`;
    const shown = found ? found.forecasts.slice(0, MOST) : [];
    this.root.replaceChildren(
      element("h2", {}, model.id, " ", element("small", {}, about)),
      failure ? element("p", { role: "alert", class: "failure" }, failure.message) : "",
      ...(found?.notes ?? []).map((note) => element("p", { class: "note" }, note)),
      element("div", { "aria-live": "polite" }, ...shown.map((one) => this.series(one))),
      shown.length ? element("p", { class: "caption" }, words.fanHint) : element("p", {}, words.tableHint),
      found && found.forecasts.length > MOST ? element("p", { class: "note" }, words.moreSeries(found.forecasts.length - MOST)) : "",
    );
  }

  series(one) {
    const { words } = this;
    const head = [words.when, words.median, words.ninety].map((text) => element("th", { scope: "col" }, text));
    const rows = one.ds.map((stamp, step) => element(
      "tr", {}, element("th", { scope: "row" }, stamp), element("td", {}, shortNumber(one.q50[step])),
      element("td", {}, `${shortNumber(one.q05[step])} – ${shortNumber(one.q95[step])}`),
    ));
    const table = element("table", { class: "numbers" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
    return element(
      "section", {}, element("h3", {}, one.unique_id), fanChart(words, one),
      element("details", {}, element("summary", {}, words.inNumbers), element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": words.inNumbers }, table)),
    );
  }
}
