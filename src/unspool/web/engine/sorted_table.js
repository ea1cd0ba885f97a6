// A large table of sources and answers, searched by bisection: see unspool/data/sorted_table.py.

const [TAB, LINE_FEED] = [9, 10];
const [ENCODER, DECODER] = [new TextEncoder(), new TextDecoder("utf-8", { ignoreBOM: true })];

/** The answers to each source; content: bytes of sorted lines, each with its line feed. */
export class SortedTable {
  constructor(content) {
    this.content = content;
  }

  /** The answers to a source, best first; undefined if it is not there. */
  get(source) {
    const key = Uint8Array.of(...ENCODER.encode(source), TAB);
    const answers = [];
    let place = this.place(key);
    while (this.compare(place, key) === 0) {
      const end = this.content.indexOf(LINE_FEED, place);
      answers.push(DECODER.decode(this.content.subarray(place + key.length, end)));
      place = end + 1;
    }
    return answers.length ? answers : undefined;
  }

  /** Where the first line begins whose source is not before the key. */
  place(key) {
    let [low, high] = [0, this.content.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const begin = middle === 0 ? 0 : this.content.lastIndexOf(LINE_FEED, middle - 1) + 1;
      if (this.compare(begin, key) < 0) low = this.content.indexOf(LINE_FEED, begin) + 1;
      else high = begin;
    }
    return low;
  }

  /** Whether the source of a line is before the key (-1), the key's (0), or after it (1). A key ends with a tab. */
  compare(begin, key) {
    for (let at = 0; at < key.length; at += 1) {
      const byte = this.content[begin + at] ?? Infinity;
      if (byte === key[at]) continue;
      if (byte === TAB) return -1; // the line's source is a beginning of the key
      return key[at] === TAB || byte > key[at] ? 1 : -1;
    }
    return 0;
  }
}
