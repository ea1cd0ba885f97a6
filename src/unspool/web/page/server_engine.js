// Answers from the server that the page came from. An engine has three methods, each of which returns a promise of JSON:
// `models()`, `predict(id, asked)` and `trace(id, asked)`, as /v1/models, /v1/predict and /v1/trace describe them.

/** Why there is no answer: one line what, one line what to do. */
export class Refusal extends Error {
  constructor(status, what, remedy) {
    super(`${what} ${remedy}`.trim());
    Object.assign(this, { status, what, remedy });
  }
}

/** The engine that asks a server; base: its address. */
export class ServerEngine {
  constructor(base) {
    Object.assign(this, { base, key: "" });
  }

  async models() {
    return (await this.ask("v1/models")).data.map((model) => ({ ...model, engine: "server" }));
  }

  async predict(id, asked) {
    const { predictions } = await this.ask("v1/predict", { model: id, attention: true, ...asked });
    return predictions[0];
  }

  async trace(id, asked) {
    return this.ask("v1/trace", { model: id, ...asked });
  }

  async forecast(id, asked) {
    return this.ask("v1/forecast", { model: id, ...asked });
  }

  async ask(path, question) {
    const headers = this.key ? { Authorization: `Bearer ${this.key}` } : {};
    const options = question === undefined ? { headers } : {
      method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(question),
    };
    let response;
    try {
      response = await fetch(new URL(path, this.base), options);
    } catch {
      throw new Refusal(0, "The server does not answer.", "Is it running?");
    }
    const body = await response.json().catch(() => ({}));
    if (!response.ok) {
      const { what = `The server answered ${response.status}.`, remedy = "" } = body.error ?? {};
      throw new Refusal(response.status, what, remedy);
    }
    return body;
  }
}
