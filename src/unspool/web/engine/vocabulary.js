import { FIRST, SPECIALS, UNK } from "./symbols.js";

/** Symbols with ids from 4 on; the ids below are reserved. */
export class Vocabulary {
  constructor(symbols) {
    this.symbols = [...SPECIALS, ...symbols];
    this.ids = new Map(symbols.map((symbol, place) => [symbol, place + FIRST]));
  }

  get size() {
    return this.symbols.length;
  }

  /** One id for each symbol; UNK for unknown ones. */
  encode(sequence) {
    return sequence.map((symbol) => this.ids.get(symbol) ?? UNK);
  }

  /** The symbol of each id, reserved ones included. */
  shown(ids) {
    return ids.map((id) => this.symbols[id]);
  }
}
