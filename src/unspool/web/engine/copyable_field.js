// A source whose symbols can be copied into the target: see unspool/fields/copyable_text.py.

import { UNK } from "./symbols.js";
import { TextField } from "./text_field.js";

/** The ids of a source, and the same symbols with their ids in the target's vocabulary, unknown ones from V on. */
export class CopyableTextField extends TextField {
  /** target: the target's tokenizer; data.most: the most symbols of a source, later ones cannot be copied. */
  constructor(tokenizer, data, target) {
    super(tokenizer, data);
    this.target = target;
  }

  encode(raw) {
    const text = this.read(raw);
    const ids = this.tokenizer.encode(text);
    const numbers = new Map();
    const columns = this.tokenizer.columns(text);
    const all = columns.flatMap((column, place) => this.numbered(this.tokenizer.parts[place], column, numbers));
    const copies = all.slice(0, this.data.most);
    const reached = copies.reduce((most, id) => Math.max(most, id), 0);
    const copied = [...numbers].filter(([, number]) => number <= reached).map(([symbol]) => symbol);
    return { ids, inner: null, copies: ids.map((_, place) => copies[place] ?? 0), copied };
  }

  truncate(item, most) {
    return { ...item, ids: item.ids.slice(0, most), copies: item.copies.slice(0, most) };
  }

  numbered(part, column, numbers) {
    if (this.target.spelled && part.kind === this.target.kind) {
      const known = this.target.vocabulary.ids;
      return part.symbols(column).map((symbol) => {
        if (known.has(symbol)) return known.get(symbol);
        if (!numbers.has(symbol)) numbers.set(symbol, this.target.size + numbers.size);
        return numbers.get(symbol);
      });
    }
    const ids = part.encode(column);
    return part.json === this.target.json ? ids : ids.map(() => UNK);
  }
}
