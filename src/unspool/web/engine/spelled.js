// Tokenizers whose symbols are pieces of the text, listed in a vocabulary: see unspool/text/spelled.py.

import { SPECIALS, UNK, REPLACEMENT, isSilent } from "./symbols.js";
import { splitWords, strip } from "./whitespace.js";
import { Vocabulary } from "./vocabulary.js";

/** No replacements of unknown symbols. */
export const NOTHING = new Map();

/** A subclass says how a text is split into symbols, and how symbols are joined into a text. */
export class SpelledTokenizer {
  /** data: the JSON of the tokenizer; writtenUnknown: the text of a symbol that is not in the vocabulary. */
  constructor(data, writtenUnknown = SPECIALS[UNK]) {
    this.kind = data.kind;
    this.vocabulary = new Vocabulary(data.symbols);
    this.writtenUnknown = writtenUnknown;
    this.spelled = true;
    this.json = JSON.stringify(data);
  }

  get size() {
    return this.vocabulary.size;
  }

  get parts() {
    return [this];
  }

  get separator() {
    return "";
  }

  columns(text) {
    return [text];
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

  /** The ids that change the text of the ids before them. */
  changing() {
    return [];
  }

  /** The text in the form in which answers are compared. */
  normal(text) {
    return text;
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
