// The only door to onnxruntime-web: graphs that run in WebAssembly, on one thread, so that no host has to send headers
// for shared memory.

import { Mistake } from "./errors.js";

/** Opens graphs. ort: the library; loader: the module that starts its WebAssembly; wasm: the bytes of that. */
export class Runtime {
  constructor({ ort, loader, wasm }) {
    this.ort = ort;
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.wasm.wasmPaths = { mjs: loader };
    ort.env.wasm.wasmBinary = wasm;
    ort.env.logLevel = "error";
  }

  /** A graph from the bytes of its file. */
  async open(bytes) {
    try {
      return new Graph(this.ort, await this.ort.InferenceSession.create(bytes, OPTIONS));
    } catch (error) {
      throw new Mistake(`This browser cannot open the model: ${error.message}.`, "Try a current browser.");
    }
  }
}

const OPTIONS = { executionProviders: ["wasm"], graphOptimizationLevel: "all", logSeverityLevel: 3 };

/** A graph; one computation at a time, because WebAssembly here has one thread. */
class Graph {
  constructor(ort, session) {
    Object.assign(this, { ort, session, inputs: session.inputNames });
  }

  /** Whole numbers as an input. */
  integers(numbers, dims) {
    return new this.ort.Tensor("int64", BigInt64Array.from(numbers, BigInt), dims);
  }

  /** Numbers of float32 as an input. */
  numbers(numbers, dims) {
    return new this.ort.Tensor("float32", Float32Array.from(numbers), dims);
  }

  /** A leaf of one memory, once for each of some rows. */
  repeated({ type, data, dims }, rows) {
    const whole = new data.constructor(data.length * rows);
    for (let row = 0; row < rows; row += 1) whole.set(data, row * data.length);
    return new this.ort.Tensor(type, whole, [rows, ...dims.slice(1)]);
  }

  /** The tensors of these outputs, by name. */
  async run(feeds, outputs) {
    const given = Object.fromEntries(Object.entries(feeds).filter(([name]) => this.inputs.includes(name)));
    return this.session.run(given, outputs);
  }
}
