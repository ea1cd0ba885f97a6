// Subwords, cut as the library `tokenizers` cuts them: see unspool/text/subwords.py. Both kinds split the UTF-8 bytes of
// words, where words are those of GPT-2's pre-tokenizer. BPE: Sennrich, Haddow, Birch 2016, arXiv:1508.07909. Unigram:
// Kudo 2018, arXiv:1804.10959.

import { FIRST } from "./symbols.js";
import { PieceTokenizer } from "./bytes.js";

const S = "\\p{White_Space}";
const WORD = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${S}\\p{L}\\p{N}]+|${S}+(?![^${S}])|${S}+`,
  "gu",
);
const ENCODER = new TextEncoder();

// The character that stands for each byte: itself if printable, else one from U+0100 on.
const MARKS = [];
let others = 0;
for (let byte = 0; byte < 256; byte += 1) {
  const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  MARKS.push(String.fromCharCode(printable ? byte : 0x100 + others));
  others += printable ? 0 : 1;
}
const VALUES = new Map(MARKS.map((mark, byte) => [mark, byte]));

class SubwordTokenizer extends PieceTokenizer {
  /** pieces: in the order of their ids, written with a mark for each byte. */
  constructor(data, pieces) {
    super(data, pieces.map((piece) => Uint8Array.from([...piece].map((mark) => VALUES.get(mark)))));
    this.numbers = new Map(pieces.map((piece, place) => [piece, place + FIRST]));
    this.known = new Map();
  }

  /** One id for each piece; the pieces of words that were seen before are remembered. */
  encode(text) {
    return (text.match(WORD) ?? []).flatMap((word) => {
      if (!this.known.has(word)) {
        if (this.known.size >= 10_000) this.known.clear();
        this.known.set(word, this.cut([...ENCODER.encode(word)].map((byte) => MARKS[byte])));
      }
      return this.known.get(word);
    });
  }
}

/** Byte pair encoding: the pair that was merged first in training is merged first, from the left. */
export class BPETokenizer extends SubwordTokenizer {
  constructor(data) {
    const { vocab, merges } = data.tokenizer.model;
    const byId = Object.entries(vocab).sort(([, one], [, other]) => one - other);
    super(data, byId.map(([piece]) => piece));
    const pairs = merges.map((pair) => (typeof pair === "string" ? pair.split(" ") : pair));
    this.ranks = new Map(pairs.map(([one, other], rank) => [`${one} ${other}`, rank]));
  }

  cut(marks) {
    const pieces = [...marks];
    for (;;) {
      let [best, at] = [Infinity, -1];
      for (let place = 0; place + 1 < pieces.length; place += 1) {
        const rank = this.ranks.get(`${pieces[place]} ${pieces[place + 1]}`) ?? Infinity;
        if (rank < best) [best, at] = [rank, place];
      }
      if (at < 0) break;
      pieces.splice(at, 2, pieces[at] + pieces[at + 1]);
    }
    return pieces.map((piece) => this.numbers.get(piece));
  }
}

/** Unigram language model: the pieces whose scores, which are log-probabilities, add up to the largest sum. */
export class UnigramTokenizer extends SubwordTokenizer {
  constructor(data) {
    const { vocab } = data.tokenizer.model;
    super(data, vocab.map(([piece]) => piece));
    this.scores = new Map(vocab);
    this.longest = vocab.reduce((most, [piece]) => Math.max(most, piece.length), 1);
  }

  cut(marks) {
    const best = [0, ...marks.map(() => -Infinity)];
    const starts = [0, ...marks.map(() => -1)];
    for (let start = 0; start < marks.length; start += 1) {
      let piece = "";
      for (let end = start + 1; end <= Math.min(marks.length, start + this.longest); end += 1) {
        piece += marks[end - 1];
        const score = this.scores.get(piece);
        if (score !== undefined && (starts[end] < 0 || best[start] + score > best[end])) {
          best[end] = best[start] + score;
          starts[end] = start;
        }
      }
    }
    const ids = [];
    for (let end = marks.length; end > 0; end = starts[end]) {
      ids.push(this.numbers.get(marks.slice(starts[end], end).join("")));
    }
    return ids.reverse();
  }
}
