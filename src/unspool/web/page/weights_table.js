// All attention weights of an answer: the source across, the answer down. Numbers, and darker where they are larger.

import { element, visible } from "./elements.js";

/** A table in a region that scrolls. */
export function weightsTable(words, sourceTokens, path) {
  const head = element("tr", {}, element("td", {}), ...sourceTokens.map((token) => element("th", { scope: "col" }, visible(words, token))));
  const rows = path.map((kept) => element("tr", {}, element("th", { scope: "row" }, visible(words, kept.token)), ...kept.attention.map((share) => {
    const cell = element("td", {}, share >= 0.05 ? Math.round(100 * share) : "");
    cell.style.setProperty("--share", share);
    return cell;
  })));
  const table = element("table", { class: "weights" }, element("caption", {}, `${words.weights} (%)`), element("thead", {}, head), element("tbody", {}, ...rows));
  return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": words.weights }, table);
}
