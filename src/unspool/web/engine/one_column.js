// What all tokenizers of one column have in common, whatever their symbols are: see unspool/text/tokenizer.py.

/** A subclass says what its symbols are: `size`, `symbols`, `encode`, `decode` and `tokens`. */
export class OneColumnTokenizer {
  /** data: the JSON of the tokenizer; spelled: whether its symbols are pieces of the text, from a vocabulary. */
  constructor(data, spelled) {
    this.kind = data.kind;
    this.spelled = spelled;
    this.json = JSON.stringify(data);
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

  /** The ids that change the text of the ids before them. */
  changing() {
    return [];
  }

  /** The text in the form in which answers are compared. */
  normal(text) {
    return text;
  }
}
