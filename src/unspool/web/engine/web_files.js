// Where a page finds its models: in a folder that any static host serves.

import { Mistake } from "./errors.js";

const AGAIN = "Is the connection there? Then load the page again.";

/** Files beside the page; base: the page's address. */
export class WebFiles {
  constructor(base) {
    this.base = base;
  }

  /** The models, as `/v1/models` lists them. */
  list() {
    this.listed ??= this.fetch("models.json").then((response) => response.json());
    this.listed.catch(() => {
      this.listed = undefined;
    });
    return this.listed;
  }

  /** The bytes of a file of a model. */
  async read(id, name) {
    const response = await this.fetch(`models/${encodeURIComponent(id)}/${name}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** onnxruntime-web, see `session.js`. */
  async runtime() {
    const address = (name) => new URL(`onnxruntime/${name}`, this.base).href;
    const wasm = this.fetch("onnxruntime/ort-wasm-simd-threaded.wasm").then((response) => response.arrayBuffer());
    const [ort, bytes] = await Promise.all([import(address("ort.wasm.min.mjs")), wasm]);
    return { ort, loader: address("ort-wasm-simd-threaded.mjs"), wasm: bytes };
  }

  async fetch(path) {
    let response;
    try {
      response = await fetch(new URL(path, this.base));
    } catch {
      throw new Mistake(`${path} could not be loaded.`, AGAIN);
    }
    if (!response.ok) throw new Mistake(`${path} could not be loaded: ${response.status}.`, AGAIN);
    return response;
  }
}
