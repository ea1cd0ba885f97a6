// The reserved ids, the same in every vocabulary: see unspool/types.py.

export const PAD = 0;
export const BOS = 1;
export const UNK = 2;
export const EOS = 3;
export const SPECIALS = ["<pad>", "<s>", "<unk>", "</s>"];
/** PAD and BOS are never generated, so a head's first class is UNK. */
export const FIRST_EMITTED = UNK;
/** The first id that is not reserved. */
export const FIRST = SPECIALS.length;
/** Replaces a character that is not in the vocabulary. */
export const REPLACEMENT = "\ufffd";

/** Whether an id is skipped when ids become text. */
export function isSilent(id) {
  return id === PAD || id === BOS || id === EOS;
}
