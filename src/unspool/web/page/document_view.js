// A document in colour: how much each sentence and each of its words decided the label.

import { element, percent, visible } from "./elements.js";

const SHOWN = 5;

/** The document; prediction: with `source_tokens`, `sentences` and attention over sentences and words, or null. */
export function documentView(words, prediction) {
  const [sentenceWeights, wordWeights] = prediction.hypotheses[0].attention.map((weights) => weights[0]);
  let at = 0;
  const told = [];
  const paragraphs = prediction.sentences.map((count, number) => {
    const tokens = prediction.source_tokens.slice(at, at + count);
    at += count;
    const largest = Math.max(...wordWeights[number].slice(0, count));
    const marks = tokens.flatMap((token, place) => {
      const share = wordWeights[number][place];
      told.push([token, share * sentenceWeights[number]]);
      const mark = element("span", { class: "word", title: percent(share) }, visible(words, token.trim() || token));
      mark.style.setProperty("--share", share / largest);
      return [mark, " "];
    });
    const weight = element("span", { class: "number" }, percent(sentenceWeights[number]));
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", sentenceWeights[number]);
    return element("li", {}, element("p", { class: "sentence" }, weight, bar), element("p", {}, ...marks));
  });
  told.sort((one, other) => other[1] - one[1]);
  const most = told.slice(0, SHOWN).map(([token, share]) => `${token} ${percent(share)}`).join(", ");
  return element("div", { class: "document" }, element("ol", {}, ...paragraphs), element("p", {}, `${words.mostWeight}: ${most}`));
}
