// The n best answers with their scores; one of them is looked at.

import { element, percent } from "./elements.js";

/** A list; chosen: the number of the answer that is shown; onChoose: called with another, null: none can be chosen. */
export function answers(words, hypotheses, chosen, onChoose) {
  return element("ol", { class: "answers" }, ...hypotheses.map((one, number) => {
    const score = one.score === null ? "–" : one.score.toFixed(2).replace("-", "−");
    const numbers = [`${words.score} ${score}`, one.confidence === undefined ? null : `${words.confidence} ${percent(one.confidence)}`, one.finished ? null : words.cut];
    const text = one.text || words.nothing;
    const pressed = { type: "button", "data-keep": `answer-${number}`, "aria-pressed": String(number === chosen) };
    const shown = onChoose ? element("button", { ...pressed, onclick: () => onChoose(number) }, text) : element("strong", {}, text);
    return element("li", {}, shown, element("small", {}, ` ${numbers.filter((part) => part !== null).join(" · ")}`));
  }));
}
