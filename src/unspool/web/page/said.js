// The answer in words, the one before it, and what a person changed.

import { element } from "./elements.js";

/** A block that a screen reader reads when it changes; view: what was found, before and now, and the changes. */
export function said(words, { found, before, forced, edits }, onUndo) {
  const changes = [forced.length ? words.forced : "", edits.length ? words.edited : ""].filter(Boolean).join(", ");
  const isOther = before && (before.text !== found.text || before.question.source !== found.question.source || changes);
  const of = ({ text, hypotheses, question: { source } }) => [
    typeof source === "string" ? `${source} → ` : "", element("strong", {}, hypotheses[0]?.values ? words.items(hypotheses[0].values.length) : text || words.nothing),
  ];
  return element(
    "div", { class: "said" },
    isOther ? element("p", { class: "before" }, `${words.before}: `, ...of(before)) : null,
    element("p", { class: "answer", "aria-live": "polite" }, `${isOther ? words.now : words.answer}: `, ...of(found), changes ? ` (${changes})` : ""),
    changes ? element("button", { type: "button", "data-keep": "undo", onclick: onUndo }, words.undo) : null,
    found.isFromLexicon ? element("p", {}, words.ownAnswer) : null,
    ...found.notes.map((note) => element("p", { class: "note" }, note)),
  );
}
