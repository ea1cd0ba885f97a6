// Hangul letters as symbols: see unspool/text/jamo.py, and The Unicode Standard, section 3.12.

import { REPLACEMENT } from "./symbols.js";
import { SpelledTokenizer } from "./spelled.js";

const ESCAPE = "\uf8fe";
const [FIRST_SYLLABLE, LAST_SYLLABLE, VOWELS, TRAILS] = [0xac00, 0xd7a3, 21, 28];
const [FIRST_LEAD, FIRST_VOWEL, BEFORE_TRAILS] = [0x1100, 0x1161, 0x11a7];
const [FIRST_CONJOINING, LAST_CONJOINING] = [0x1100, 0x11ff];
// The same letters as compatibility jamo, which are readable one by one, in the same order.
const SHOWN = [
  [FIRST_LEAD, "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"],
  [FIRST_VOWEL, "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"],
  [BEFORE_TRAILS + 1, "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"],
];
const READABLE = new Map([[ESCAPE, "<esc>"]]);
for (const [start, letters] of SHOWN) {
  [...letters].forEach((letter, place) => READABLE.set(String.fromCharCode(start + place), letter));
}

const SYLLABLE_OR_ESCAPED = /\uf8fe(.?)|([\u1100-\u1112])([\u1161-\u1175])([\u11a8-\u11c2]?)/gsu;
const OPEN = /(?:^|[^\uf8fe])[\u1100-\u1112][\u1161-\u1175]$/u;
const TRAIL = /^[\u11a8-\u11c2]$/u;

/** A symbol for each jamo of Hangul and for each other character. */
export class JamoTokenizer extends SpelledTokenizer {
  constructor(data) {
    super(data, REPLACEMENT);
  }

  symbols(text) {
    return [...decompose(text)];
  }

  join(symbols) {
    return compose(symbols.join(""));
  }

  tokens(ids) {
    return super.tokens(ids).map(readable);
  }

  /** After a syllable without a trailing consonant these are all trailing consonants. */
  changing(ids) {
    const before = ids.slice(-3).map((id) => this.vocabulary.symbols[id]).join("");
    if (!OPEN.test(before)) return [];
    return [...this.vocabulary.ids].filter(([symbol]) => TRAIL.test(symbol)).map(([, id]) => id);
  }
}

/** A conjoining jamo as the same letter by itself; another symbol as it is. */
export function readable(symbol) {
  return READABLE.get(symbol) ?? symbol;
}

/** The text with syllables as conjoining jamo, and an escape before jamo that were already in the text. */
export function decompose(text) {
  return [...text].map(parts).join("");
}

/** The inverse of `decompose`. */
export function compose(symbols) {
  return symbols.replace(SYLLABLE_OR_ESCAPED, (found, escaped, lead, vowel, trail) => {
    if (lead === undefined) return escaped;
    const before = (lead.charCodeAt(0) - FIRST_LEAD) * VOWELS + vowel.charCodeAt(0) - FIRST_VOWEL;
    return String.fromCharCode(FIRST_SYLLABLE + before * TRAILS + (trail ? trail.charCodeAt(0) - BEFORE_TRAILS : 0));
  });
}

function parts(character) {
  const code = character.codePointAt(0);
  if ((code >= FIRST_CONJOINING && code <= LAST_CONJOINING) || character === ESCAPE) return ESCAPE + character;
  if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return character;
  const place = code - FIRST_SYLLABLE;
  const [before, trail] = [Math.floor(place / TRAILS), place % TRAILS];
  const letters = [FIRST_LEAD + Math.floor(before / VOWELS), FIRST_VOWEL + (before % VOWELS)];
  return String.fromCharCode(...letters, ...(trail ? [BEFORE_TRAILS + trail] : []));
}
