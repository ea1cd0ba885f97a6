// Forms of a text that differ in case or in Unicode's encoding: see unspool/text/forms.py.

/** From the name of a form to its function, in the order in which they are tried. */
export const FORMS = {
  NFC: (text) => text.normalize("NFC"),
  NFD: (text) => text.normalize("NFD"),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  NFKC: (text) => text.normalize("NFKC"),
  NFKD: (text) => text.normalize("NFKD"),
};

/** The change of every text before it is read: to small letters, and to a Unicode form ("" if it stays). */
export function foldingOf({ lower, normal }) {
  return (text) => {
    const lowered = lower ? text.toLowerCase() : text;
    return normal ? FORMS[normal](lowered) : lowered;
  };
}
