// Where a page finds its models: inside itself, so that it can be opened from a disk. The export put each file into an
// element of its own, compressed with gzip and written in base64.

import { Mistake } from "./errors.js";
import { unpacked } from "./unpacked.js";

/** The type of the elements that hold files. */
const SELECTOR = 'script[type="application/gzip"]';

/** Files in elements of a document. */
export class SingleFile {
  constructor(document) {
    this.elements = new Map([...document.querySelectorAll(SELECTOR)].map((one) => [one.dataset.path, one]));
  }

  /** Whether a document holds files. */
  static isIn(document) {
    return document.querySelector(SELECTOR) !== null;
  }

  async list() {
    return JSON.parse(new TextDecoder().decode(await this.file("models.json")));
  }

  /** The bytes of a file of a model. */
  read(id, name) {
    return this.file(`models/${id}/${name}`);
  }

  /** onnxruntime-web, see `session.js`; its modules have bare names in the import map. */
  async runtime() {
    const ort = await import("onnxruntime/ort.wasm.min.mjs");
    const wasm = await this.file("onnxruntime/ort-wasm-simd-threaded.wasm");
    return { ort, loader: "onnxruntime/ort-wasm-simd-threaded.mjs", wasm };
  }

  async file(path) {
    const element = this.elements.get(path);
    if (element === undefined) throw new Mistake(`This file holds no ${path}.`, "Export it again.");
    return unpacked(Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0)));
  }
}
