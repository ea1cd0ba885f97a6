// The kinds of tokenizer by name.

import { Mistake } from "./errors.js";
import { ByteTokenizer } from "./bytes.js";
import { JamoTokenizer } from "./jamo.js";
import { JoinedTokenizer } from "./joined.js";
import { CharTokenizer, LabelTokenizer, TagTokenizer, WordTokenizer } from "./spelled.js";
import { BPETokenizer, UnigramTokenizer } from "./subwords.js";

const TOKENIZERS = {
  bpe: BPETokenizer,
  bytes: ByteTokenizer,
  chars: CharTokenizer,
  jamo: JamoTokenizer,
  label: LabelTokenizer,
  tags: TagTokenizer,
  unigram: UnigramTokenizer,
  words: WordTokenizer,
};

/** A tokenizer from the JSON that Python wrote. */
export function tokenizerOf(data) {
  if (data.kind === "joined") return new JoinedTokenizer(data, data.parts.map(tokenizerOf));
  const made = TOKENIZERS[data.kind];
  if (made === undefined) {
    throw new Mistake(`This page has no tokenizer '${data.kind}'.`, "Export the model again with this release.");
  }
  return new made(data);
}
