// Play, pause, one step back and forth, and a slider over the steps of an answer.

import { element } from "./elements.js";

/** How long a step is shown while playing, in milliseconds. */
const PACE = 700;

/** The controls; onPlace: called with the number of symbols that are shown, and whether a person moved it. */
export class Player {
  constructor(words, onPlace) {
    Object.assign(this, { words, onPlace, last: 0, at: 0, timer: null });
    this.slider = element("input", {
      type: "range", min: 0, max: 0, step: 1, "aria-label": words.place, "data-keep": "slider",
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.toggle = element("button", { type: "button", "data-keep": "play", onclick: () => (this.timer ? this.pause() : this.play()) });
    this.back = element("button", { type: "button", "data-keep": "back", "aria-label": words.back, onclick: () => this.go(this.at - 1) }, "◀");
    this.forward = element("button", { type: "button", "data-keep": "forward", "aria-label": words.forward, onclick: () => this.go(this.at + 1) }, "▶");
    this.count = element("span", { class: "count" });
    this.root = element("div", { class: "player", role: "group", "aria-label": words.place }, this.toggle, this.back, this.slider, this.forward, this.count);
    this.paint();
  }

  /** New steps: begin to play, or show the end at once where motion is not wanted. */
  begin(last, at) {
    this.last = last;
    this.stop();
    this.place(Math.min(at, last), false);
  }

  play() {
    this.stop();
    if (this.at >= this.last) this.place(0, false);
    this.timer = setInterval(() => {
      this.place(this.at + 1, false);
      if (this.at >= this.last) this.pause();
    }, PACE);
    this.paint();
  }

  pause() {
    this.stop();
    this.paint();
  }

  /** A person moves to a step. */
  go(at) {
    this.stop();
    this.place(Math.max(0, Math.min(this.last, at)), true);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  place(at, byHand) {
    this.at = Math.min(at, this.last);
    this.paint();
    this.onPlace(this.at, byHand);
  }

  paint() {
    const { words } = this;
    this.slider.max = this.last;
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", words.step(this.at, this.last));
    this.toggle.textContent = this.timer ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
    this.count.textContent = `${this.at}/${this.last}`;
    this.back.disabled = this.at <= 0;
    this.forward.disabled = this.at >= this.last;
    this.toggle.disabled = this.last === 0;
  }
}
