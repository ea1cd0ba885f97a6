// What should be known about how a source was read, in the sentences of unspool/answers/answer.py.

// Symbols that a note names.
const NAMED = 5;

/** The notes on a source and its answer; cut: whether the answer was cut at the maximum length. */
export function notesOf({ fields, model }, raw, item, cut) {
  const unseen = fields.source.unseen(raw);
  const named = [...new Set(unseen)].slice(0, NAMED).join(" ");
  const symbols = unseen.length === 1 ? "1 symbol" : `${unseen.length} symbols`;
  const notes = [
    [unseen.length, `${symbols} that training never saw (${named})`],
    [item.ids.length > model.max_source, "the source was cut"],
    [cut, "the answer was cut"],
  ];
  return notes.filter(([holds]) => holds).map(([, sentence]) => sentence);
}
