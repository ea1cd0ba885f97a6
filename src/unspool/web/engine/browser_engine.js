// What the page asks: the same object as the one that talks to a server, but models run here. Each method returns a
// promise of JSON.

import { Mistake } from "./errors.js";
import { fieldsOf } from "./fields.js";
import { Lexicon } from "./lexicon.js";
import { Predictor } from "./predictor.js";
import { Runtime } from "./session.js";
import { SortedTable } from "./sorted_table.js";
import { OnnxStepper } from "./stepper.js";
import { unpacked } from "./unpacked.js";

/** The models of a folder or of one file; files: see `web_files.js` and `single_file.js`. */
export class BrowserEngine {
  constructor(files) {
    this.files = files;
    this.loaded = new Map();
    this.last = Promise.resolve();
  }

  /** As `/v1/models`. */
  async models() {
    const listed = await this.files.list();
    return listed.map((model) => ({ ...model, engine: "browser" }));
  }

  /** As `predict --json`. */
  async predict(id, asked) {
    return this.inTurn(async () => (await this.predictor(id)).predict(asked));
  }

  /** As `/v1/trace`. */
  async trace(id, asked) {
    return this.inTurn(async () => (await this.predictor(id)).trace(asked));
  }

  /** Load a model now, so that its first answer need not wait. */
  async prepare(id) {
    await this.predictor(id);
  }

  /** One question after another: WebAssembly here has one thread, and a session answers one question at a time. */
  inTurn(ask) {
    const answer = this.last.then(ask);
    this.last = answer.catch(() => {});
    return answer;
  }

  predictor(id) {
    if (!this.loaded.has(id)) {
      const loading = this.load(id);
      loading.catch(() => this.loaded.delete(id)); // the next question tries again
      this.loaded.set(id, loading);
    }
    return this.loaded.get(id);
  }

  started() {
    this.runtime ??= this.files.runtime().then((parts) => new Runtime(parts));
    this.runtime.catch(() => {
      this.runtime = undefined;
    });
    return this.runtime;
  }

  /** The answers that go before the model; null if there are none. */
  async lexicon(id, model, fields) {
    if (!model.lexicon && !model.dictionary) return null;
    const own = model.lexicon ? new TextDecoder().decode(await this.files.read(id, "lexicon.tsv")) : "";
    const packed = model.dictionary ? await this.files.read(id, "dictionary.tsv.gz") : null;
    return new Lexicon(own, packed && new SortedTable(await unpacked(packed)), fields);
  }

  async load(id) {
    const listed = await this.files.list();
    if (!listed.some((model) => model.id === id)) throw new Mistake(`There is no model '${id}'.`, "Choose another.");
    const names = ["model.json", "encoder.onnx", "step.onnx"];
    const parts = names.map((name) => this.files.read(id, name));
    const [runtime, described, encoder, step] = await Promise.all([this.started(), ...parts]);
    const model = JSON.parse(new TextDecoder().decode(described));
    const fields = fieldsOf(model);
    const lexicon = await this.lexicon(id, model, fields);
    // One after the other: the library prepares its WebAssembly with the first graph.
    const encoding = await runtime.open(encoder);
    const stepping = await runtime.open(step);
    return new Predictor(model, fields, new OnnxStepper(encoding, stepping, model.manifest), lexicon);
  }
}
