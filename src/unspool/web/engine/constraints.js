// Steppers around steppers that bar some continuations: see unspool/decoding/prefix.py and no_repeat.py. Scores stay the
// model's own.

import { lookUp, only, without } from "./table.js";

/** Allows only the next symbol of a prefix until it ends; right after it, some symbols are barred. */
export class PrefixConstraint {
  constructor(stepper, prefix, barred) {
    Object.assign(this, { stepper, prefix, barred });
  }

  async open(source) {
    return { inner: await this.stepper.open(source), written: 0 };
  }

  async step({ inner, written }, question) {
    const forced = written < this.prefix.length;
    if (!forced && !(written === this.prefix.length && this.barred.length)) {
      const [answer, after] = await this.stepper.step(inner, question);
      return [answer, { inner: after, written: written + 1 }];
    }
    const [answer, after] = await this.stepper.step(inner, { topK: null, everything: true });
    const change = (row) => (forced ? only(row, this.prefix[written]) : without(row, this.barred));
    return [lookUp(answer.everything.map(change), question, answer), { inner: after, written: written + 1 }];
  }

  select({ inner, written }, rows, items) {
    return { inner: this.stepper.select(inner, rows, items), written };
  }
}

/** Bars a symbol if with it the last n symbols would stand in the answer a second time (Paulus et al. 2017). */
export class NoRepeat {
  constructor(stepper, size) {
    Object.assign(this, { stepper, size });
  }

  async open(source) {
    return { inner: await this.stepper.open(source), written: [[]] };
  }

  async step({ inner, written }, question) {
    const repeating = written.map((items) => this.repeating(items));
    if (!repeating.some((items) => items.length)) {
      const [answer, after] = await this.stepper.step(inner, question);
      return [answer, { inner: after, written }];
    }
    const [answer, after] = await this.stepper.step(inner, { topK: null, everything: true });
    const table = answer.everything.map((row, place) => {
      const barred = without(row, repeating[place]);
      return barred.some((logProb) => logProb > -Infinity) ? barred : row; // the brake gives way
    });
    return [lookUp(table, question, answer), { inner: after, written }];
  }

  select({ inner, written }, rows, items) {
    const longer = rows.map((row, place) => [...written[row], items[place]]);
    return { inner: this.stepper.select(inner, rows, items), written: longer };
  }

  /** The items that would end a run which these items already hold. */
  repeating(items) {
    const last = items.slice(items.length - this.size + 1);
    const found = [];
    for (let start = 0; start + this.size <= items.length; start += 1) {
      if (last.every((item, place) => items[start + place] === item)) found.push(items[start + this.size - 1]);
    }
    return found;
  }
}
