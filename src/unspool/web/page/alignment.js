// The source above, what is written below, and between them the context: lines show where the attention is.

import { drawn, element, percent, visible } from "./elements.js";
import { farthest, heatStrip, weightedMean } from "./strips.js";

/** The drawing of one step; `root` is its element. */
export class Alignment {
  constructor(words) {
    this.lines = drawn("svg", { class: "lines", "aria-hidden": "true" });
    this.source = element("ol", { class: "tokens source", "aria-label": words.read });
    this.context = element("p", { class: "context" });
    this.legend = element("p", { class: "caption" });
    this.written = element("ol", { class: "tokens written", "aria-label": words.written });
    const caption = (text) => element("p", { class: "caption" }, text);
    this.root = element(
      "div", { class: "alignment" }, this.lines, caption(words.read), this.source, this.context, this.written,
      caption(words.written), this.legend,
    );
    this.words = words;
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.root);
  }

  /**
   * tokens: the whole answer; at: how many of them are written; weights: the last step's, or null; states, context:
   * what the encoder hands over, as a trace tells it, or null; isTagger: whether each item has an answer of its own.
   */
  show({ sourceTokens, tokens, at, weights, hasAttention, isTagger, states, context }) {
    const { words } = this;
    const scale = farthest(states ?? (context ? [context] : []));
    this.weights = weights;
    this.hasAttention = hasAttention;
    this.source.replaceChildren(...sourceTokens.map((token, place) => {
      const share = weights?.[place] ?? 0;
      const bar = element("span", { class: "bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", share);
      const number = weights === null ? null : element("small", {}, share >= 0.005 ? percent(share) : "·");
      const state = states?.[place];
      const strip = state && heatStrip(state.features, scale, "bottom", { "aria-hidden": "true", title: words.norm(state.norm.toFixed(2)) });
      return element("li", {}, element("span", { class: "token" }, visible(words, token)), strip, hasAttention ? bar : null, number);
    }));
    this.legend.textContent = states?.length ? words.statesHint(states[0].features.length, states[0].width, scale.toFixed(2)) : "";
    const mean = context ? context.features : states && weights && weightedMean(states, weights);
    this.context.replaceChildren(
      element("strong", {}, words.context), " ", element("span", {}, hasAttention ? words.withAttention : isTagger ? words.ofItem : words.without),
      states?.length || context ? heatStrip(mean, scale, "right", { role: "img", "aria-label": mean ? words.contextStrip(mean.length) : words.start }) : "",
    );
    this.written.replaceChildren(...tokens.map((token, place) => element(
      "li", { class: place < at ? "done" : "ahead", "aria-current": place === at - 1 ? "step" : null },
      element("span", { class: "token" }, place < at ? visible(words, token) : "·"),
    )));
    this.draw();
  }

  /** The lines, where the elements are now. */
  draw() {
    const frame = this.root.getBoundingClientRect();
    if (!frame.width) return;
    this.lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    const [context, current] = [this.context, this.written.querySelector("[aria-current]")];
    const tokens = [...this.source.children];
    const lines = [];
    if (current !== null) {
      if (this.hasAttention) {
        tokens.forEach((token, place) => lines.push(line(frame, token, context, this.weights?.[place] ?? 0)));
      } else if (tokens.length) {
        lines.push(line(frame, tokens.at(-1), context, 1));
      }
      lines.push(line(frame, context, current, 1));
    }
    this.lines.replaceChildren(...lines);
  }
}

/** From the bottom of an element to the top of another, as wide and strong as a share of 1. */
function line(frame, from, to, share) {
  const [above, below] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  const middle = (box) => box.left + box.width / 2 - frame.left;
  const onto = Math.max(below.left - frame.left + 8, Math.min(below.right - frame.left - 8, middle(above)));
  const end = to.tagName === "P" ? onto : middle(below);
  const start = from.tagName === "P" ? Math.max(above.left - frame.left + 8, Math.min(above.right - frame.left - 8, middle(below))) : middle(above);
  return drawn("line", {
    x1: start, y1: above.bottom - frame.top, x2: end, y2: below.top - frame.top,
    "stroke-width": (0.5 + 6 * share).toFixed(2), "stroke-opacity": (share < 0.02 ? 0.06 : 0.2 + 0.8 * share).toFixed(3),
  });
}
