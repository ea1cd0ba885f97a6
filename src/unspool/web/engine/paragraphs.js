// A source of several sentences, longer than nearly all of training, is answered sentence by sentence: see
// unspool/translation/paragraphs.py.

import { putTogether, splitApart } from "./sentences.js";
import { rounded } from "./search_trace.js";
import { strip } from "./whitespace.js";

/** The sentences and what stands between them; `[source]` if it stays whole. length: the symbols of a text. */
export function splitSource(source, longest, length) {
  if (length(source) <= longest) return [source];
  const parts = [];
  for (const part of splitApart(source)) {
    const merged = [...parts.slice(-2), part].join("");
    const meets = parts.length > 1 && strip(part) !== "" && strip(parts.at(-2)) !== "";
    if (meets && length(merged) <= longest) parts.splice(-2, 2, merged);
    else parts.push(part);
  }
  return parts.filter((part) => strip(part) !== "").length > 1 ? parts : [source];
}

/** One prediction from those of the parts that are not blank; the n-th answer is made of the n-th ones. */
export function joinedPrediction(source, parts, predictions) {
  const count = Math.min(...predictions.map((one) => one.hypotheses.length));
  const widths = predictions.map((one) => one.source_tokens.length);
  const answer = (place) => joinedAnswer(predictions.map((one) => one.hypotheses[place]), parts, widths);
  return {
    source,
    source_tokens: predictions.flatMap((one) => one.source_tokens),
    hypotheses: Array.from({ length: count }, (_, place) => answer(place)),
    notes: [...new Set(predictions.flatMap((one) => one.notes))],
  };
}

function joinedAnswer(answers, parts, widths) {
  let next = 0;
  const texts = parts.map((part) => (strip(part) === "" ? part : answers[next++].text));
  return {
    ...answers.at(-1),
    text: putTogether(texts),
    score: rounded(answers.reduce((sum, answer) => sum + answer.score, 0), 6),
    finished: answers.every((answer) => answer.finished),
    tokens: answers.flatMap((answer) => answer.tokens),
    attention: blocks(answers, widths),
  };
}

/** Weights along the diagonal; the row of EOS stays for the last part alone. Null without such weights. */
function blocks(answers, widths) {
  const flat = (attention) => Array.isArray(attention) && attention.every((row) => typeof row[0] === "number");
  if (!answers.every((answer) => flat(answer.attention))) return null;
  const total = widths.reduce((sum, width) => sum + width, 0);
  let begin = 0;
  return answers.flatMap((answer, place) => {
    const kept = place + 1 < answers.length ? answer.attention.slice(0, answer.tokens.length) : answer.attention;
    const [before, after] = [begin, total - begin - widths[place]];
    begin += widths[place];
    return kept.map((row) => [...Array(before).fill(0), ...row, ...Array(after).fill(0)]);
  });
}
