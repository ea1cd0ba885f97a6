// The browser's engine against the vectors that Python wrote: node tests/web/run_vectors.mjs. Prints what differs, and
// ends with 1 if anything does.

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const ENGINE = new URL("../../src/unspool/web/engine/", import.meta.url);
const load = (name) => import(new URL(`${name}.js`, ENGINE).href);
const read = (name) => JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), "utf8"));

const { FORMS } = await load("forms");
const { tokenizerOf } = await load("tokenizers");
const { sentences, splitApart, putTogether } = await load("sentences");
const { splitSource } = await load("paragraphs");
const { fieldsOf } = await load("fields");
const { SortedTable } = await load("sorted_table");
const { Lexicon } = await load("lexicon");
const { lengthPenalty, coveragePenalty } = await load("penalties");
const { RandomStream } = await load("random_streams");
const { confidenceOf } = await load("confidence");
const { search } = await load("search");
const { traceSearch } = await load("search_trace");
const { strip } = await load("strips");
const { handedOverOf } = await load("handed_over");
const { editWeights } = await load("attention_edits");
const { settingsOf } = await load("settings");
const { PrefixConstraint } = await load("constraints");
const { lookUp } = await load("table");

let [checked, failed] = [0, 0];

function same(found, expected, ...where) {
  checked += 1;
  if (near(found, expected)) return;
  failed += 1;
  if (failed <= 20) console.log("differs:", JSON.stringify({ where, found, expected }).slice(0, 1500));
}

/** Equal, where numbers that are not whole may differ by rounding. */
function near(one, other) {
  if (typeof one === "number" && typeof other === "number" && !(Number.isInteger(one) && Number.isInteger(other))) {
    return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((part, place) => near(part, other[place]));
  }
  if (one !== null && other !== null && typeof one === "object" && typeof other === "object") {
    const names = Object.keys(one);
    return isDeepStrictEqual(names.sort(), Object.keys(other).sort()) && names.every((name) => near(one[name], other[name]));
  }
  return Object.is(one, other);
}

/** The made-up stepper of tests/web/made_up.py. */
class MadeUpStepper {
  constructor(data) {
    this.data = data;
    const row = (numbers) => Float32Array.from(numbers, (number) => number ?? -Infinity);
    this.table = data.log_probs.map((rows) => rows.map(row));
  }

  async open() {
    return { last: [0], count: 0 };
  }

  async step({ last, count }, question) {
    const at = count % 2;
    const weights = this.data.attention && last.flatMap((item) => this.data.attention[at][item]);
    const rest = {
      attention: weights && [{ data: Float32Array.from(weights), dims: [last.length, weights.length / last.length] }],
      done: this.data.done.length ? last.map((item) => this.data.done.includes(item)) : null,
    };
    return [lookUp(last.map((item) => this.table[at][item]), question, rest), { last, count: count + 1 }];
  }

  select({ count }, rows, items) {
    return { last: items, count };
  }

  values() {
    return null;
  }

  handedOver() {
    return { states: null, context: null };
  }
}

const text = read("text");
for (const [name, given, expected] of text.forms) same(FORMS[name](given), expected, "form", name, given);
for (const { name, tokenizer: data, cases, decoded } of text.tokenizers) {
  const tokenizer = tokenizerOf(data);
  for (const one of cases) {
    const ids = tokenizer.encode(one.text);
    const found = { text: one.text, ids, symbols: tokenizer.symbols(one.text), normal: tokenizer.normal(one.text) };
    same({ ...found, decoded: tokenizer.decode(ids) }, one, "tokenizer", name);
  }
  for (const one of decoded) {
    const unknown = new Map([1, 3, 5, 7].map((place) => [place, `<${place}>`]));
    const found = { ids: one.ids, text: tokenizer.decode(one.ids), tokens: tokenizer.tokens(one.ids) };
    const changing = [...tokenizer.changing(one.ids)].sort((first, second) => first - second);
    same({ ...found, replaced: tokenizer.decode(one.ids, unknown), changing }, one, "decoded", name);
  }
}
for (const [given, whole, apart] of text.sentences) {
  same([sentences(given), splitApart(given)], [whole, apart], "sentences", given);
}
for (const [parts, expected] of text.put_together) same(putTogether(parts), expected, "put together", parts);
for (const [given, longest, expected] of text.split) {
  same(splitSource(given, longest, (part) => [...part].length), expected, "split", given, longest);
}
for (const { content, asked } of text.tables) {
  const table = new SortedTable(new TextEncoder().encode(content));
  for (const [key, expected] of asked) same(table.get(key) ?? null, expected, "table", key);
}
for (const { source, target, content, asked } of text.lexicons) {
  const lexicon = new Lexicon(content, null, fieldsOf({ source, target }));
  for (const [given, most, prefix, expected] of asked) same(lexicon.find(given, most, prefix), expected, "lexicon", given);
}
for (const { field, target, cases } of text.fields) {
  const plain = { kind: "text", ends: true, folding: { lower: false, normal: "" }, tokenizer: target };
  const { source } = fieldsOf({ source: field, target: plain });
  for (const { text: given, most, item, unseen } of cases) {
    same(source.truncate(source.encode(given), most), item, "field", field.kind, given, most);
    if (unseen) same(source.unseen(given), unseen, "unseen", field.kind, given);
  }
}

const found = read("search");
for (const [length, alpha, expected] of found.length_penalties) same(lengthPenalty(length, alpha), expected, "length");
for (const [covered, beta, expected] of found.coverage_penalties) same(coveragePenalty(covered, beta), expected, "coverage");
for (const [seeds, expected] of found.draws) {
  const stream = new RandomStream(seeds);
  same(expected.map(() => stream.next()), expected, "draws", seeds);
}
for (const [map, logProb, symbols, expected] of found.confidences) {
  same(confidenceOf(map, logProb, symbols), expected, "confidence", map, logProb);
}
for (const { stepper: number, settings, prefix, barred, hypotheses } of found.searches) {
  const made = new MadeUpStepper(found.steppers[number]);
  const stepper = prefix.length ? new PrefixConstraint(made, prefix, barred) : made;
  const answers = await search(stepper, null, settingsOf(settings, {}));
  const shown = answers.map(({ items, score, finished, attention }) => {
    const weights = attention && attention.map((row) => row.map((weight) => Number(weight.toFixed(5))));
    return { items, score, finished, attention: weights };
  });
  same(shown, hypotheses, "search", settings, prefix, number);
}

for (const { stepper: number, settings, prefix, barred, steps, paths } of found.traces) {
  const made = new MadeUpStepper(found.steppers[number]);
  const traced = await traceSearch(made, null, settingsOf(settings, {}), { ids: prefix, barred }, []);
  const shown = traced.steps.map(({ kept, top, entropies }) => ({
    entropies: entropies.map((one) => Number(one.toFixed(4))),
    kept: kept.map(({ parent, item, score, finished }) => [parent, item, score, finished]),
    top: top.map(({ items }) => items),
  }));
  same({ steps: shown, paths: traced.paths }, { steps, paths }, "trace", settings, prefix, number);
}
for (const [vector, expected] of found.strips) same(strip(vector), expected, "strip", vector.length);
for (const [memory, state, expected] of found.handed_over) same(handedOverOf(memory, state), expected, "handed over");
for (const [row, weights, expected] of found.edits) same(editWeights(row, new Map(weights)), expected, "edits", row, weights);

console.log(`${checked} checks, ${failed} differ`);
process.exit(failed ? 1 : 0);
