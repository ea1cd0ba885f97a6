// How likely an answer is to be right: see unspool/answers/confidence.py.

const LEAST = 0.01;

/** The probability of being right of an answer with this log-probability; symbols: how many it has, and one for its end. */
export function confidenceOf({ a, b, m, cost }, logProb, symbols) {
  const likely = Math.min(logProb + cost * symbols, -LEAST);
  const logit = a * likely - b * Math.log(-Math.expm1(likely)) + m;
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}
