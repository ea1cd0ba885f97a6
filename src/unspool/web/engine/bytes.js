// UTF-8 bytes as symbols, and what subwords have in common with them: see unspool/text/bytes.py.

import { OneColumnTokenizer } from "./one_column.js";
import { FIRST, REPLACEMENT, SPECIALS, UNK } from "./symbols.js";

const ENCODER = new TextEncoder();
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// The bytes of each reserved id: none, but U+FFFD for UNK.
const RESERVED = SPECIALS.map((_, id) => (id === UNK ? ENCODER.encode(REPLACEMENT) : new Uint8Array(0)));

/** Pieces that are bytes of UTF-8; a subclass says how a text is cut into pieces. */
export class PieceTokenizer extends OneColumnTokenizer {
  constructor(data, pieces) {
    super(data, false);
    this.pieces = [...RESERVED, ...pieces];
  }

  get size() {
    return this.pieces.length;
  }

  /** The text; U+FFFD for bytes that are not UTF-8. Bytes of an incomplete character at the end are left out. */
  decode(ids) {
    const pieces = ids.map((id) => this.pieces[id]);
    const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(withoutHalf(bytes), { stream: true });
  }

  tokens(ids) {
    return ids.map((id) => (id < FIRST ? SPECIALS[id] : readable(this.pieces[id])));
  }

  symbols(text) {
    return this.tokens(this.encode(text));
  }
}

/** Byte b has the id 4 + b. */
export class ByteTokenizer extends PieceTokenizer {
  constructor(data) {
    super(data, Array.from({ length: 256 }, (_, value) => Uint8Array.of(value)));
  }

  encode(text) {
    return [...ENCODER.encode(text)].map((value) => value + FIRST);
  }
}

/** Without the first two bytes of a surrogate at the end, which Python holds for an incomplete character. */
function withoutHalf(bytes) {
  const [lead, next] = bytes.subarray(-2);
  return bytes.length > 1 && lead === 0xed && next >= 0xa0 && next <= 0xbf ? bytes.subarray(0, -2) : bytes;
}

function readable(piece) {
  try {
    return STRICT.decode(piece);
  } catch {
    return [...piece].map((value) => `\\x${value.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  }
}
