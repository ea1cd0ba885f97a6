// What could come next, as bars. A symbol that is not the end can be chosen: then the answer goes on from there.

import { element, percent, visible } from "./elements.js";

const END = "</s>";

/** A list of bars; chosen: the symbol that was written; onForce: called with an entry of `top`, or null if none may be. */
export function probabilities(words, top, chosen, onForce) {
  const listed = chosen && !top.some((one) => one.item === chosen.item) ? [...top, { ...chosen, probability: Math.exp(chosen.log_prob) }] : top;
  return element("ul", { class: "chances" }, ...listed.map((one) => {
    const isChosen = one.item === chosen?.item;
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", one.probability);
    const inside = [element("span", { class: "token" }, visible(words, one.token)), bar, element("span", { class: "number" }, percent(one.probability)), element("span", { class: "mark" }, isChosen ? "✓" : "")];
    const canForce = onForce !== null && one.token !== END && !isChosen;
    const row = canForce
      ? element("button", { type: "button", "data-keep": `next-${one.item}`, onclick: () => onForce(one) }, ...inside)
      : element("span", { class: "fixed", "aria-current": isChosen ? "true" : null }, ...inside);
    return element("li", {}, row);
  }));
}
