// A history of series as a person pastes it: a table with a header, its cells separated by tabs, semicolons or commas.

const SEPARATORS = ["\t", ";", ","];

/** Columns by their names; a table without a second column, or rows of another width, is an error in words. */
export function columnsOf(words, text) {
  const lines = text.split(/\r?\n/u).filter((line) => line.trim());
  const separator = SEPARATORS.find((one) => lines[0].includes(one)) ?? ",";
  const rows = lines.map((line) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/u, "$1")));
  const [names] = rows;
  const wrong = rows.findIndex((row) => row.length !== names.length);
  if (names.length < 2 || rows.length < 2) throw new Error(words.noTable);
  if (wrong > 0) throw new Error(words.rowOf(wrong + 1, rows[wrong].length, names.length));
  return Object.fromEntries(names.map((name, place) => [name, rows.slice(1).map((row) => row[place] || null)]));
}
