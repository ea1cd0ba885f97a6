// Signs that programs and telephones write for those of a keyboard: see unspool/text/spelling.py.

const QUOTES = { "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " " };
const WRITTEN = new RegExp(`[${Object.keys(QUOTES).join("")}]`, "gu");
const AROUND = /^[ \r\n]+|[ \r\n]+$/gu;

/** The text with the signs of a keyboard, and without blanks around it. */
export function plain(text) {
  return text.replace(WRITTEN, (sign) => QUOTES[sign]).replace(AROUND, "");
}
