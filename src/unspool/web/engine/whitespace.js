// White space as Python has it: `\s` of JavaScript lacks the separators U+001C to U+001F and U+0085, and has U+FEFF.

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const RUN = new RegExp(`[${SPACE}]+`, "u");
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");

/** The inside of a character class of white space, for other patterns. */
export const WHITE_SPACE = SPACE;

/** The text without white space at its ends, as `str.strip`. */
export function strip(text) {
  return text.replace(ENDS, "");
}

/** The tokens between white space, as `str.split`. */
export function splitWords(text) {
  const bare = strip(text);
  return bare === "" ? [] : bare.split(RUN);
}
