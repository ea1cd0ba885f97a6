// Several columns of one side as one sequence, each with its own tokenizer: see unspool/text/joined.py.

import { FIRST, SPECIALS, UNK } from "./symbols.js";
import { Mistake } from "./errors.js";
import { NOTHING } from "./spelled.js";

/** Several tokenizers, one for each column; in texts, columns are joined by tabs. */
export class JoinedTokenizer {
  constructor(data, parts) {
    this.kind = data.kind;
    this.parts = parts;
    this.spelled = false;
    this.json = JSON.stringify(data);
    this.starts = [FIRST];
    for (const part of parts) this.starts.push(this.starts.at(-1) + part.size - FIRST);
  }

  get size() {
    return this.starts.at(-1);
  }

  get separator() {
    return "";
  }

  /** The text of each part. */
  columns(text) {
    const columns = text === "" ? this.parts.map(() => "") : text.split("\t");
    if (columns.length !== this.parts.length) {
      const what = `A text of ${this.parts.length} columns was expected, and '${text.slice(0, 60)}' has ${columns.length}.`;
      throw new Mistake(what, "Put one tab between two columns.");
    }
    return columns;
  }

  encode(text) {
    const own = (part, column, start) => part.encode(column).map((id) => (id >= FIRST ? id + start - FIRST : UNK));
    return this.columns(text).flatMap((column, place) => own(this.parts[place], column, this.starts[place]));
  }

  /** Columns joined by tabs; an unknown symbol belongs to the column of the symbol before it. */
  decode(ids, unknown = NOTHING) {
    const columns = this.parts.map(() => []);
    let at = 0;
    ids.forEach((id, place) => {
      if (id >= FIRST) {
        at = this.partOf(id);
        columns[at].push([place, id - this.starts[at] + FIRST]);
      } else if (id === UNK) {
        columns[at].push([place, UNK]);
      }
    });
    return columns.map((some, part) => decodePart(this.parts[part], some, unknown)).join("\t");
  }

  tokens(ids) {
    return ids.map((id) => {
      if (id < FIRST) return SPECIALS[id];
      const at = this.partOf(id);
      return this.parts[at].tokens([id - this.starts[at] + FIRST])[0];
    });
  }

  symbols(text) {
    return this.columns(text).flatMap((column, place) => this.parts[place].symbols(column));
  }

  changing(ids) {
    if (!ids.length || ids.at(-1) < FIRST) return [];
    const at = this.partOf(ids.at(-1));
    const shift = this.starts[at] - FIRST;
    const own = ids.filter((id) => this.starts[at] <= id && id < this.starts[at + 1]).map((id) => id - shift);
    return this.parts[at].changing(own).map((id) => id + shift);
  }

  normal(text) {
    return text;
  }

  partOf(id) {
    return this.starts.findIndex((start, at) => start <= id && id < this.starts[at + 1]);
  }
}

/** The text of one column; `some` are its positions among all ids, and its own ids. */
function decodePart(part, some, unknown) {
  const own = some.map(([among], place) => [place, unknown.get(among)]).filter(([, text]) => text !== undefined);
  return part.decode(some.map(([, id]) => id), new Map(own));
}
