import { CopyableTextField } from "./copyable_field.js";
import { DocumentField } from "./document_field.js";
import { TextField } from "./text_field.js";
import { tokenizerOf } from "./tokenizers.js";

/** Both fields of a model, from what the export wrote of them. */
export function fieldsOf({ source, target }) {
  const [reads, writes] = [tokenizerOf(source.tokenizer), tokenizerOf(target.tokenizer)];
  return { source: sourceField(reads, source, writes), target: new TextField(writes, target) };
}

function sourceField(tokenizer, data, target) {
  if (data.kind === "copyable_text") return new CopyableTextField(tokenizer, data, target);
  if (data.kind === "document") return new DocumentField(tokenizer, data);
  return new TextField(tokenizer, data);
}
