// An exported model as a stepper, see unspool/runtime/stepper.py, for one source: R rows read one memory. A cursor is
// `{ last, rows, state, memory }`: the items to feed, the row of the state that each row continues, and leaves by name.
// A question is `{ topK, everything }`; an answer is `{ best, everything, attention, done }`: of each row the best
// continuations and all log-probabilities, leaves of attention `{ data, dims }`, and whether it ended.

import { handedOverOf } from "./handed_over.js";
import { FIRST_EMITTED } from "./symbols.js";
import { lookUp } from "./table.js";

const NEXT = "next.";
// The values and keys of an attention, as exports name them.
const [VALUES, KEYS] = ["memory.states", "memory.keys"];
// More continuations than any vocabulary has: a graph returns all of them.
const ALL = 2 ** 31 - 1;

/** Runs the graphs of an encoder and of a step. */
export class OnnxStepper {
  /** manifest: names of the leaves, as in unspool/runtime/manifest.py. */
  constructor(encoder, step, manifest) {
    const read = (names) => names.filter((name) => step.inputs.includes(name));
    Object.assign(this, { encoder, graph: step, manifest, state: read(manifest.state), memory: read(manifest.memory) });
    this.rest = [...manifest.attention, ...(manifest.done ? ["done"] : []), ...this.state.map((name) => NEXT + name)];
  }

  /** Encode a source and start decoding. */
  async open(source) {
    const found = await this.encoder.run(this.encoded(source), ["first", ...this.state, ...this.memory]);
    const leaves = (names) => Object.fromEntries(names.map((name) => [name, found[name]]));
    const last = Array.from(found.first.data, Number);
    return { last, rows: last.map((_, row) => row), state: leaves(this.state), memory: leaves(this.memory) };
  }

  /** Feed each row's last item. */
  async step(cursor, question) {
    if (this.manifest.answers.includes("everything") || !question.everything) return this.run(cursor, question);
    // A graph of an older release has only the best continuations: all of them are everything.
    const [answer, after] = await this.run(cursor, { topK: ALL, everything: false });
    return [lookUp(answer.best.map(table), question, answer), after];
  }

  async run(cursor, { topK, everything }) {
    const { last, rows, state, memory } = cursor;
    const count = last.length;
    const feeds = { last: this.ids(last), rows: this.ids(rows), n: this.ids([topK ?? 0]), ...state, ...memory };
    const asked = [...(topK === null ? [] : ["items", "log_probs"]), ...(everything ? ["everything"] : [])];
    const found = await this.graph.run(feeds, [...asked, ...this.rest]);
    const answer = {
      best: topK === null ? null : best(found.items, found.log_probs, count),
      everything: everything ? rowsOf(found.everything, count) : null,
      attention: this.attentionOf(found),
      done: this.manifest.done ? Array.from(found.done.data, Boolean) : null,
    };
    const next = Object.fromEntries(this.state.map((name) => [name, found[NEXT + name]]));
    return [answer, { ...cursor, rows: last.map((_, row) => row), state: next }];
  }

  /** Keep these rows, and feed these items next; the graph gathers the states in the next step. */
  select(cursor, rows, items) {
    return { ...cursor, last: items, rows: rows.map((row) => cursor.rows[row]) };
  }

  /** The encoder's states `[1, S, D]` if a decoder sees nothing but their weighted mean; otherwise null. */
  values(cursor) {
    const { attention, memory, state } = this.manifest;
    const plain = attention.length === 1 && !memory.includes("memory.copies") && KEYS in cursor.memory;
    return plain && !state.some((name) => name.endsWith(".coverage")) ? (cursor.memory[VALUES] ?? null) : null;
  }

  /** The encoder's states or its one vector, after `open`. */
  handedOver({ memory, state }) {
    return handedOverOf(memory, state);
  }

  /** A memory for each row, in which all values are the row's context. */
  withContexts(cursor, contexts) {
    const each = Object.entries(cursor.memory).map(([name, leaf]) => [name, this.graph.repeated(leaf, contexts.length)]);
    const [, length, width] = cursor.memory[VALUES].dims;
    const data = contexts.flatMap((context) => Array.from({ length }, () => context).flat());
    const values = this.graph.numbers(data, [contexts.length, length, width]);
    return { ...cursor, memory: { ...Object.fromEntries(each), [VALUES]: values } };
  }

  /** A cursor with the memory of another. */
  withMemoryOf(cursor, other) {
    return { ...cursor, memory: other.memory };
  }

  ids(numbers) {
    return this.graph.integers(numbers, [numbers.length]);
  }

  attentionOf(found) {
    const leaves = this.manifest.attention.map((name) => ({ data: found[name].data, dims: found[name].dims }));
    return leaves.length ? leaves : null;
  }

  /** The inputs of the encoder. There is at least one column, because recurrent nodes refuse an empty axis. */
  encoded({ ids, inner, copies }) {
    const padded = (numbers, count) => Array.from({ length: Math.max(1, count) }, (_, place) => numbers[place] ?? 0);
    if (inner === null) {
      const source = padded(ids, ids.length);
      const feeds = { source, lengths: [ids.length], ...(copies === null ? {} : { copies: padded(copies, ids.length) }) };
      return this.tensors(feeds, { source: [1, source.length], lengths: [1], copies: [1, source.length] });
    }
    const [sentences, words] = [Math.max(1, inner.length), Math.max(1, ...inner)];
    const source = Array(sentences * words).fill(0);
    let begin = 0;
    inner.forEach((length, sentence) => {
      ids.slice(begin, begin + length).forEach((id, word) => {
        source[sentence * words + word] = id;
      });
      begin += length;
    });
    const feeds = { source, lengths: [inner.length], inner: padded(inner, sentences) };
    return this.tensors(feeds, { source: [1, sentences, words], lengths: [1], inner: [1, sentences] });
  }

  tensors(feeds, dims) {
    const pairs = Object.entries(feeds).map(([name, numbers]) => [name, this.encoder.integers(numbers, dims[name])]);
    return Object.fromEntries(pairs);
  }
}

function best(items, logProbs, count) {
  const n = items.data.length / count;
  return Array.from({ length: count }, (_, row) => ({
    items: Array.from(items.data.subarray(row * n, (row + 1) * n), Number),
    logProbs: Array.from(logProbs.data.subarray(row * n, (row + 1) * n)),
  }));
}

/** All log-probabilities of a row from its continuations. */
function table({ items, logProbs }) {
  const row = new Float32Array(Math.max(...items) + 1 - FIRST_EMITTED).fill(-Infinity);
  items.forEach((item, place) => {
    row[item - FIRST_EMITTED] = logProbs[place];
  });
  return row;
}

function rowsOf({ data }, count) {
  const size = data.length / count;
  return Array.from({ length: count }, (_, row) => data.slice(row * size, (row + 1) * size));
}
