// Answers that a person wrote, which go before the model: see unspool/answers/lexicon.py. The file was checked when it was
// exported; a line that was spoilt since is left out.

import { plain } from "./spelling.js";
import { strip } from "./whitespace.js";

/** The answers of a lexicon's text, and after it those of a table, see `sorted_table.js`, which may be null. */
export class Lexicon {
  constructor(text, table, fields) {
    Object.assign(this, { table, fields });
    this.entries = new Map();
    const read = fields.source.tokenizer.parts.length;
    const written = fields.target.tokenizer.parts.length;
    for (const line of text.replace(/^\ufeff/u, "").split("\n")) this.add(line.replace(/\r$/u, ""), read, written);
  }

  /** At most `most` answers to a source that begin with a prefix. */
  find(raw, most, prefix) {
    const { source, target } = this.fields;
    const begin = target.read(prefix);
    const [own, meant] = [raw, plain(raw)].map((form) => this.answers(source.comparable(form)));
    const answers = own ?? meant ?? [];
    return answers.filter((text) => target.read(text).startsWith(begin)).slice(0, most);
  }

  answers(key) {
    return this.entries.get(key) ?? this.table?.get(key);
  }

  add(line, read, written) {
    if (strip(line) === "" || line.startsWith("#")) return;
    const cells = (line.startsWith("\\#") ? line.slice(1) : line).split("\t");
    if (cells.length !== read + written || cells.some((cell) => strip(cell) === "")) return;
    const key = this.fields.source.comparable(cells.slice(0, read).join("\t"));
    const answer = this.fields.target.tokenizer.normal(cells.slice(read).join("\t"));
    const answers = this.entries.get(key) ?? [];
    if (!answers.includes(answer)) this.entries.set(key, [...answers, answer]);
  }
}
