// The n best answers with their scores; one of them is looked at.

import { element, percent } from "./elements.js";

/** A list; chosen: the number of the answer that is shown; onChoose: called with another. */
export function answers(words, hypotheses, chosen, onChoose) {
  return element("ol", { class: "answers" }, ...hypotheses.map((one, number) => {
    const score = one.score === null ? "–" : one.score.toFixed(2).replace("-", "−");
    const numbers = [`${words.score} ${score}`, one.confidence === undefined ? null : `${words.confidence} ${percent(one.confidence)}`, one.finished ? null : words.cut];
    const button = element("button", { type: "button", "data-keep": `answer-${number}`, "aria-pressed": String(number === chosen), onclick: () => onChoose(number) }, one.text || words.nothing);
    return element("li", {}, button, element("small", {}, ` ${numbers.filter((part) => part !== null).join(" · ")}`));
  }));
}
