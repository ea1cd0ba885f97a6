import { beamSearch } from "./beam.js";
import { NoRepeat } from "./constraints.js";
import { decodeGreedy } from "./rollout.js";
import { decodeSample } from "./sampling.js";

/** The hypotheses of a source with the strategy of the settings: see unspool/decoding/search.py. */
export async function search(stepper, source, settings) {
  const braked = settings.noRepeat ? new NoRepeat(stepper, settings.noRepeat) : stepper;
  if (settings.sample) return decodeSample(braked, source, settings);
  if (settings.beam === 1) return decodeGreedy(braked, source, settings);
  return beamSearch(braked, source, settings);
}
