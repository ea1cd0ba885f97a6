// Tokenizers whose symbols are pieces of the text, listed in a vocabulary: see unspool/text/spelled.py.

import { OneColumnTokenizer } from "./one_column.js";
import { SPECIALS, UNK, REPLACEMENT, isSilent } from "./symbols.js";
import { splitWords, strip } from "./whitespace.js";
import { Vocabulary } from "./vocabulary.js";

/** No replacements of unknown symbols. */
export const NOTHING = new Map();

/** A subclass says how a text is split into symbols, and how symbols are joined into a text. */
export class SpelledTokenizer extends OneColumnTokenizer {
  /** data: the JSON of the tokenizer; writtenUnknown: the text of a symbol that is not in the vocabulary. */
  constructor(data, writtenUnknown = SPECIALS[UNK]) {
    super(data, true);
    this.vocabulary = new Vocabulary(data.symbols);
    this.writtenUnknown = writtenUnknown;
  }

  get size() {
    return this.vocabulary.size;
  }

  encode(text) {
    return this.vocabulary.encode(this.symbols(text));
  }

  /** The text; unknown: replacements of UNK by its position in `ids`. */
  decode(ids, unknown = NOTHING) {
    const lacking = unknown.size ? SPECIALS[UNK] : this.writtenUnknown;
    const symbol = (id, place) => (id === UNK ? (unknown.get(place) ?? lacking) : this.vocabulary.symbols[id]);
    const symbols = ids.map((id, place) => (isSilent(id) ? null : symbol(id, place)));
    return this.join(symbols.filter((one) => one !== null));
  }

  /** Each id as readable text. */
  tokens(ids) {
    return this.vocabulary.shown(ids);
  }
}

/** A symbol for each code point. */
export class CharTokenizer extends SpelledTokenizer {
  constructor(data) {
    super(data, REPLACEMENT);
  }

  symbols(text) {
    return [...text];
  }

  join(symbols) {
    return symbols.join("");
  }
}

/** A symbol for each token between white space, which is normalised. */
export class WordTokenizer extends SpelledTokenizer {
  get separator() {
    return " ";
  }

  symbols(text) {
    return splitWords(text);
  }

  join(symbols) {
    return this.normal(symbols.join(" "));
  }

  normal(text) {
    return splitWords(text).join(" ");
  }
}

/** A symbol for each tag between separators. */
export class TagTokenizer extends SpelledTokenizer {
  constructor(data) {
    super(data);
    this.mark = data.separator;
  }

  get separator() {
    return this.mark;
  }

  symbols(text) {
    return text === "" ? [] : text.split(this.mark);
  }

  join(symbols) {
    return symbols.join(this.mark);
  }
}

/** A whole text is one symbol. */
export class LabelTokenizer extends SpelledTokenizer {
  constructor(data) {
    super(data);
    this.spelled = false;
  }

  get separator() {
    return " ";
  }

  symbols(text) {
    const label = strip(text);
    return label === "" ? [] : [label];
  }

  join(symbols) {
    return symbols.join(" ");
  }

  normal(text) {
    return strip(text);
  }
}
