// Draws every heat map of the page, and tells the number under the pointer or the cursor.
// Cells are painted on a canvas, since a page may have a million of them. Arrow keys move the cursor; what it is on is
// said in an <output>, which a screen reader reads.
const maps = JSON.parse(document.getElementById("maps").textContent);
const clamp = (low, x, high) => Math.max(low, Math.min(high, x));

function decode(map) {
  if (map.values) return map.values;
  const bytes = Uint8Array.from(atob(map.data), (c) => c.charCodeAt(0));
  const numbers = new Int16Array(bytes.buffer);
  map.values = Float32Array.from(numbers, (n) => (n / 32767) * map.scale);
  const width = map.columns.length;
  const largest = (row) => Math.max(...map.values.subarray(row * width, (row + 1) * width).map(Math.abs)) || 1;
  map.full = map.by_row ? Array.from({ length: map.height }, (_, row) => largest(row)) : null;
  return map.values;
}

class Figure {
  constructor(element) {
    this.map = maps[element.dataset.map];
    this.canvas = element.querySelector("canvas");
    this.output = element.querySelector("output");
    this.row = this.column = 0;
    this.chosen = false;
    this.seen = false;
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("focus", () => this.go(this.row, this.column));
    this.canvas.addEventListener("blur", () => this.leave());
  }

  name(row) {
    return this.map.rows.length ? this.map.rows[row] : this.canvas.dataset.unit.replace("{}", row + 1);
  }

  measure(context) {
    const { map } = this, columns = map.columns.length;
    const units = !map.rows.length;
    this.w = clamp(3, Math.floor(880 / columns / (map.beside || 1)), units ? 34 : 26);
    this.h = units ? clamp(2, Math.floor(240 / map.height), 16) : clamp(4, Math.floor(760 / map.height), 22);
    const widest = (names) => names.reduce((most, name) => Math.max(most, context.measureText(name).width), 0);
    this.named = !units && this.h >= 11;
    this.headed = this.w >= 11;
    this.slanted = this.headed && widest(map.columns) > this.w - 2;
    this.left = this.named ? Math.ceil(Math.min(160, widest(map.rows))) + 8 : 2;
    this.top = this.headed ? (this.slanted ? Math.ceil(Math.min(90, widest(map.columns) * 0.87)) + 10 : 18) : 2;
    this.right = this.slanted ? Math.ceil(Math.min(50, widest(map.columns) * 0.5)) : 2;
  }

  draw() {
    this.seen = true;
    const { map, canvas } = this, context = canvas.getContext("2d");
    const values = decode(map), style = getComputedStyle(canvas), columns = map.columns.length;
    const font = "12px system-ui, 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";
    context.font = font;
    this.measure(context);
    const width = this.left + columns * this.w + this.right, height = this.top + map.height * this.h + 2;
    const dense = window.devicePixelRatio || 1;
    canvas.width = width * dense;
    canvas.height = height * dense;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.scale(dense, dense);
    context.font = font;
    const colour = (name) => style.getPropertyValue(name).trim();
    context.fillStyle = colour("--ground");
    context.fillRect(0, 0, width, height);
    const gap = this.w >= 8 && this.h >= 8 ? 1 : 0, above = colour("--above"), below = colour("--below");
    for (let row = 0; row < map.height; row++)
      for (let column = 0; column < columns; column++) {
        const shade = values[row * columns + column] / (map.full ? map.full[row] : map.limit);
        context.globalAlpha = Math.min(1, Math.abs(shade));
        context.fillStyle = shade < 0 ? below : above;
        context.fillRect(this.left + column * this.w, this.top + row * this.h, this.w - gap, this.h - gap);
      }
    context.globalAlpha = 1;
    if (map.numbered && this.w >= 20 && this.h >= 14) this.number(context, values, colour);
    context.fillStyle = colour("--ink");
    this.label(context);
    context.strokeStyle = colour("--line");
    context.strokeRect(this.left - 0.5, this.top - 0.5, columns * this.w + 1, map.height * this.h + 1);
    if (map.split) context.fillRect(this.left + map.split * this.w - 1, this.top, 1, map.height * this.h);
    if (this.chosen) {
      context.strokeStyle = colour("--ink");
      context.lineWidth = 2;
      context.strokeRect(this.left + this.column * this.w, this.top + this.row * this.h, this.w, this.h);
    }
  }

  number(context, values, colour) {
    const columns = this.map.columns.length;
    context.save();
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = context.font.replace("12px", "10px");
    values.forEach((value, place) => {
      const text = value >= 0.995 ? "1" : value >= 0.05 ? value.toFixed(2).slice(1) : "";
      context.fillStyle = colour(value > 0.5 ? "--ground" : "--ink");
      const column = place % columns, row = Math.floor(place / columns);
      context.fillText(text, this.left + (column + 0.5) * this.w, this.top + (row + 0.5) * this.h);
    });
    context.restore();
  }

  label(context) {
    context.textBaseline = "middle";
    if (this.named) {
      context.textAlign = "right";
      this.map.rows.forEach((name, row) =>
        context.fillText(name, this.left - 6, this.top + (row + 0.5) * this.h, this.left - 8));
    }
    if (!this.headed) return;
    this.map.columns.forEach((name, column) => {
      context.save();
      context.translate(this.left + (column + 0.5) * this.w, this.top - 6);
      context.textAlign = this.slanted ? "left" : "center";
      if (this.slanted) context.rotate(-Math.PI / 3);
      context.fillText(name, 0, this.slanted ? 0 : -3, this.slanted ? 100 : this.w);
      context.restore();
    });
  }

  point(event) {
    const column = Math.floor((event.offsetX - this.left) / this.w);
    const row = Math.floor((event.offsetY - this.top) / this.h);
    if (column < 0 || row < 0 || column >= this.map.columns.length || row >= this.map.height) return;
    this.go(row, column);
  }

  press(event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
      PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -1e6], End: [0, 1e6] };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.go(clamp(0, this.row + move[0], this.map.height - 1),
      clamp(0, this.column + move[1], this.map.columns.length - 1));
  }

  go(row, column) {
    Object.assign(this, { row, column, chosen: true });
    const value = decode(this.map)[row * this.map.columns.length + column];
    this.output.textContent = `${this.name(row)}, ${this.map.columns[column]}: ${value.toFixed(3)}`;
    this.draw();
  }

  leave() {
    if (document.activeElement === this.canvas) return;
    this.chosen = false;
    this.draw();
  }
}

const figures = [...document.querySelectorAll("figure[data-map]")].map((element) => {
  const figure = new Figure(element);
  // Those of the first screens at once, and those of the hidden language when they are seen.
  if (element.offsetParent && element.getBoundingClientRect().top < 2 * innerHeight) figure.draw();
  else new IntersectionObserver((entries, watcher) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    figure.draw();
  }, { rootMargin: "400px" }).observe(element);
  return figure;
});
const redraw = () => figures.filter((figure) => figure.seen).forEach((figure) => figure.draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("beforeprint", () => figures.forEach((figure) => figure.draw()));
