// Another attention weight for one step: the other positions share what is left in proportion.

import { element, visible } from "./elements.js";

/** A form for step `step`, from 0; weights: that step's; onEdit: called with the position and the weight, 0 to 1. */
export function weightForm(words, sourceTokens, weights, step, onEdit) {
  const largest = weights.indexOf(Math.max(...weights));
  const options = sourceTokens.map((token, place) => element("option", { value: place, selected: place === largest }, `${place + 1}: ${visible(words, token)}`));
  const position = element("select", { "data-keep": "position", onchange: () => follow() }, ...options);
  const range = element("input", { type: "range", min: 0, max: 100, step: 1, "data-keep": "weight", oninput: () => tell() });
  const said = element("output", {});
  const tell = () => {
    said.textContent = `${range.value} %`;
    range.setAttribute("aria-valuetext", said.textContent);
  };
  const follow = () => {
    range.value = Math.round(100 * weights[Number(position.value)]);
    range.setAttribute("aria-label", words.weightOf(sourceTokens[Number(position.value)], step + 1));
    tell();
  };
  const submit = (event) => {
    event.preventDefault();
    onEdit(Number(position.value), Number(range.value) / 100);
  };
  follow();
  return element(
    "form", { class: "weight", onsubmit: submit }, element("label", {}, words.position, " ", position),
    element("label", {}, words.weight, " ", range), said, element("button", { "data-keep": "apply" }, words.applyWeight),
  );
}
