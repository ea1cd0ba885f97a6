// Where a person enters the API key of a server. It stays in the page and is forgotten with it.

import { element } from "./elements.js";

/** A form; onKey: called with the key. */
export function keyForm(words, onKey) {
  const input = element("input", { id: "key", type: "password", autocomplete: "off", required: true });
  const submit = (event) => {
    event.preventDefault();
    onKey(input.value);
  };
  return element(
    "form", { class: "key", onsubmit: submit },
    element("p", { role: "status" }, words.keyNeeded),
    element("label", { for: "key" }, words.key), input, element("button", {}, words.useKey),
  );
}
