// Documents: texts as sentences of symbols, see unspool/fields/document.py.

import { sentences } from "./sentences.js";
import { TextField } from "./text_field.js";

/** Splits a text into sentences; one of more than `data.longest` symbols is cut into pieces of similar length. */
export class DocumentField extends TextField {
  encode(raw) {
    const found = sentences(this.read(raw)).map((sentence) => this.tokenizer.encode(sentence));
    const inner = found.flatMap((ids) => pieces(ids.length, this.data.longest));
    return { ids: found.flat(), inner, copies: null, copied: [] };
  }

  /** The first `most` words; the last sentence may become shorter. */
  truncate(item, most) {
    let begin = 0;
    const inner = item.inner.map((words) => {
      const kept = Math.max(0, Math.min(words, most - begin));
      begin += words;
      return kept;
    });
    return { ...item, ids: item.ids.slice(0, most), inner: inner.filter((words) => words > 0) };
  }

  sentences(item) {
    return item.inner;
  }
}

/** Lengths of the pieces of a sentence of `whole` symbols; the first are longer by one. */
function pieces(whole, longest) {
  const count = Math.ceil(whole / longest);
  const short = Math.floor(whole / count);
  return Array.from({ length: count }, (_, place) => short + (place < whole - short * count ? 1 : 0));
}
