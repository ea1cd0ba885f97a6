// Sentence splitting, with the rules of unspool/text/sentences.py.

import { WHITE_SPACE as S, strip } from "./whitespace.js";

const CLOSING = "\"'”’»)\\]」』】）》";
const ABBREVIATIONS = "Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Sen|Rep|Gen|Col|Lt|Capt|No|vs|etc|Inc|Ltd|Co|Corp|cf|al";
const MARKS = ".!?…";
const END = new RegExp(
  `(?<![${MARKS}])[${MARKS}]+[${CLOSING}]*(?=[${S}])|[。！？｡]+[${CLOSING}]*|[\\n\\r\\u2028\\u2029]`,
  "gu",
);
// `\b` of JavaScript knows ASCII alone, so the beginning of a word is written out.
const BEGINS = "(?<![\\p{L}\\p{N}_])";
const NO_END = new RegExp(`(?:${BEGINS}(?:[A-Z]|${ABBREVIATIONS})|${BEGINS}[a-z]\\.[a-z])\\.$`, "u");
const NEXT = new RegExp(`[${S}]*([^${S}])`, "uy");
const SMALL = /^\p{Lowercase}$/u;
// More characters than an abbreviation has with its dot, and one before it.
const SHORT = 12;

/** The sentences of a text in order, none of them blank, without the white space around them. */
export function sentences(text) {
  return pieces(text).map(strip).filter((sentence) => sentence !== "");
}

/** The sentences of a text and the white space around them, in order; joined, they are the text. */
export function splitApart(text) {
  return pieces(text).flatMap(whiteSpaceApart).filter((part) => part !== "");
}

/** The text of such parts after some were translated. */
export function putTogether(parts) {
  let text = "";
  for (const part of parts) {
    const meets = MARKS.includes(text.slice(-1)) && text !== "" && strip(part.slice(0, 1)) !== "";
    text += meets ? ` ${part}` : part;
  }
  return text;
}

function pieces(text) {
  const found = [];
  let begin = 0;
  for (const end of text.matchAll(END)) {
    const after = end.index + end[0].length;
    if (ends(text, begin, after, end[0])) {
      found.push(text.slice(begin, after));
      begin = after;
    }
  }
  return [...found, text.slice(begin)];
}

function whiteSpaceApart(piece) {
  const bare = strip(piece);
  const start = bare === "" ? piece.length : piece.indexOf(bare);
  return [piece.slice(0, start), bare, piece.slice(start + bare.length)];
}

/** Whether this mark ends the sentence that starts at `begin`. */
function ends(text, begin, after, mark) {
  if (!MARKS.includes(mark[0])) return true;
  const lastWord = text.slice(Math.max(begin, after - SHORT), after);
  return !followedBySmallLetter(text, after) && !NO_END.test(lastWord);
}

function followedBySmallLetter(text, place) {
  NEXT.lastIndex = place;
  const following = NEXT.exec(text);
  return following !== null && !following[0].includes("\n") && SMALL.test(following[1]);
}
