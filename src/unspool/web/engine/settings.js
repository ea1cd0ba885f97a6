// The settings of decoding: those of training, changed by what is asked. See unspool/config/decoding.py.

import { Mistake } from "./errors.js";

const whole = (least) => (value) => Number.isSafeInteger(value) && value >= least;
const number = (holds) => (value) => typeof value === "number" && Number.isFinite(value) && holds(value);
// From the name of a setting to what it is here, and whether a value is allowed.
const SETTINGS = {
  beam: ["beam", whole(1)],
  n_best: ["nBest", whole(1)],
  length_penalty: ["alpha", number((value) => value >= 0 && value <= 100)],
  coverage_penalty: ["beta", number((value) => value >= 0)],
  max_length: ["maxLength", whole(1)],
  sample: ["sample", (value) => typeof value === "boolean"],
  temperature: ["temperature", number((value) => value > 0)],
  top_k: ["topK", (value) => value === null || whole(1)(value)],
  top_p: ["topP", number((value) => value > 0 && value <= 1)],
  no_repeat: ["noRepeat", whole(0)],
  seed: ["seed", whole(0)],
};
const USUAL = { temperature: 1, top_k: null, top_p: 1 };

/** The settings by their names here; defaults: those of the model; asked: what is given, where null means not given. */
export function settingsOf(defaults, asked) {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null && value !== undefined));
  const merged = { ...defaults, ...(given.sample ? { beam: 1 } : {}), ...given };
  const found = {};
  for (const [name, [key, allowed]] of Object.entries(SETTINGS)) {
    if (!allowed(merged[name])) {
      throw new Mistake(`${name} cannot be ${JSON.stringify(merged[name])}.`, "Give another value, or leave it out.");
    }
    found[key] = merged[name];
  }
  check(merged);
  return found;
}

function check(merged) {
  const { sample, beam, n_best: nBest } = merged;
  if (sample && beam > 1) {
    throw new Mistake(`A beam of ${beam} cannot be combined with sampling.`, "Leave one of them out.");
  }
  const unused = sample ? undefined : Object.keys(USUAL).find((name) => merged[name] !== USUAL[name]);
  if (unused) throw new Mistake(`${unused} is for sampling, and sampling is off.`, `Switch it on, or leave out ${unused}.`);
  if (nBest > beam && !sample) {
    throw new Mistake(`A beam of ${beam} has at most ${beam} answers, and ${nBest} were requested.`, "Widen it.");
  }
}
