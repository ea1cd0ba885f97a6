// How answers of different lengths are compared (Wu et al. 2016, eq. 14): see unspool/decoding/hypothesis.py.

// Replaces a coverage of 0: the smallest normal number of float32.
const LEAST = 2 ** -126;

/** `((5 + length) / 6)^alpha`; length: the number of steps, EOS included. */
export function lengthPenalty(length, alpha) {
  return ((5 + length) / 6) ** alpha;
}

/** `beta · Σ log min(coverage, 1)`, at most 0; coverage: the sums of attention over all steps, of real positions. */
export function coveragePenalty(coverage, beta) {
  let total = 0;
  for (const covered of coverage) total += Math.log(Math.min(Math.max(covered, LEAST), 1));
  return beta * total;
}
