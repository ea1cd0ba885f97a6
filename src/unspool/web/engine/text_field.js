// Text as a sequence of symbols: see unspool/fields/text.py. An item of a source is `{ ids, inner, copies, copied }`:
// its ids, the words of each sentence of a document, the same symbols in the target's vocabulary, and the symbols of the
// ids from V on; null for what a field does not have.

import { Mistake } from "./errors.js";
import { foldingOf } from "./forms.js";
import { UNK } from "./symbols.js";

const HALF = /\p{Surrogate}/u;

/** Ids of a tokenizer. */
export class TextField {
  /** tokenizer: made from the JSON; data: `kind`, `folding`, and what else the side's field needs. */
  constructor(tokenizer, data) {
    this.tokenizer = tokenizer;
    this.kind = data.kind;
    this.data = data;
    this.folding = foldingOf(data.folding);
    this.mayBeEmpty = data.kind === "running_text";
    this.ends = data.ends;
  }

  get separator() {
    return this.tokenizer.separator;
  }

  /** The text as the tokenizer gets it. */
  read(raw) {
    if (typeof raw !== "string") throw new Mistake("The model reads text, and got none.", "Give it a text.");
    if (HALF.test(raw)) {
      throw new Mistake("A text holds half of a surrogate pair, which is not a character.", "Write the character itself.");
    }
    return this.folding(raw);
  }

  encode(raw) {
    return { ids: this.tokenizer.encode(this.read(raw)), inner: null, copies: null, copied: [] };
  }

  /** The first `most` symbols; of a running text the last ones, because a text is continued from its end. */
  truncate(item, most) {
    const ids = this.kind === "running_text" ? item.ids.slice(-most) : item.ids.slice(0, most);
    return { ...item, ids };
  }

  /** The text of an answer, and the text of each symbol; source: the encoded source, from which it may copy. */
  decode(output, source = null) {
    const size = this.tokenizer.size;
    const copied = new Map();
    output.forEach((id, place) => {
      if (id >= size) copied.set(place, source.copied[id - size]);
    });
    const ids = output.map((id) => (id >= size ? UNK : id));
    const tokens = this.tokenizer.tokens(ids).map((token, place) => copied.get(place) ?? token);
    return { text: this.tokenizer.decode(ids, copied), tokens };
  }

  /** The text of one symbol of an answer. */
  token(id, source) {
    return this.decode([id], source).tokens[0];
  }

  /** Each symbol of a source as readable text. */
  display(item) {
    return this.tokenizer.tokens(item.ids);
  }

  /** The number of words in each sentence; null if there are no sentences. */
  sentences() {
    return null;
  }

  /** The symbols that training never saw, as they are written. */
  unseen(raw) {
    const text = this.read(raw);
    const ids = this.tokenizer.encode(text);
    return this.tokenizer.symbols(text).filter((_, place) => ids[place] === UNK);
  }

  /** The ids of a prefix of answers to an encoded source; the last of several columns may be missing. */
  encodePrefix(text, source) {
    if (!this.ends) {
      throw new Mistake(`The model's answers cannot begin with '${text.slice(0, 60)}'.`, "Leave the prefix out.");
    }
    const read = this.read(text);
    const lacking = this.tokenizer.parts.length - 1 - (read.split("\t").length - 1);
    const whole = read + "\t".repeat(Math.max(0, lacking));
    const ids = this.encodeCopied(whole, source.copied);
    if (ids.includes(UNK)) {
      const unknown = this.tokenizer.symbols(whole)[ids.indexOf(UNK)];
      const what = `No answer can begin with '${read.slice(0, 60)}': the model does not know the symbol '${unknown}'.`;
      throw new Mistake(what, "Use only symbols that occur in the targets of its training data.");
    }
    return ids;
  }

  /** The ids that must not follow these ids of a prefix, because the answer's text would not begin with it. */
  changing(prefix) {
    return prefix.some((id) => id >= this.tokenizer.size) ? [] : this.tokenizer.changing(prefix);
  }

  /** The text in the form in which texts are compared. */
  comparable(raw) {
    return this.tokenizer.normal(this.read(raw));
  }

  encodeCopied(text, copied) {
    const ids = this.tokenizer.encode(text);
    if (!copied.length || !ids.includes(UNK)) return ids;
    const symbols = this.tokenizer.symbols(text);
    const number = (symbol) => (copied.includes(symbol) ? this.tokenizer.size + copied.indexOf(symbol) : UNK);
    return ids.map((id, place) => (id === UNK ? number(symbols[place]) : id));
  }
}
