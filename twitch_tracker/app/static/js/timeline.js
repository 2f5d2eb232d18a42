// The timeline: a strip of the whole recording above, a part of it around the cursor
// below. The person's right side is above the line, the left below.

const STRIP = 46;
const GAP = 8;
const AXIS = 22;
const MOST_SD = 12;
const STEPS_S = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];

export class Timeline {
  #colours = {};
  #asked = false;

  constructor(canvas, player, evidence, excluded) {
    this.canvas = canvas;
    this.player = player;
    this.evidence = evidence; // {right, left}
    this.excluded = excluded;
    this.bursts = [];
    this.chosen = "";
    this.mark = null; // onset of a burst that is being added
    this.startS = player.times[0];
    this.endS = player.end(player.count - 1);
    this.spanS = Math.min(8, this.endS - this.startS);
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.grab = null; // called with an edge ("start", "end") and a time when it is dragged
    this.held = "";
    canvas.addEventListener("pointerdown", (event) => {
      this.held = this.#edgeAt(event);
      if (this.held) canvas.setPointerCapture(event.pointerId);
      else this.#point(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.held) this.grab?.(this.held, this.#timeAt(event, this.heldPart));
      else if (event.buttons === 1) this.#point(event);
      else canvas.style.cursor = this.#edgeAt(event) ? "ew-resize" : "";
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(kind, () => {
        this.held = "";
      });
    }
  }

  zoom(factor) {
    const whole = this.endS - this.startS;
    this.spanS = Math.min(Math.max(this.spanS * factor, Math.min(0.5, whole)), whole);
    this.draw();
  }

  /** First and last second of the part that is shown. */
  get part() {
    if (this.held) return this.heldPart;
    const middle = this.player.times[this.player.frame];
    const last = this.endS - this.spanS;
    const from = Math.max(this.startS, Math.min(middle - this.spanS / 2, last));
    return [from, from + this.spanS];
  }

  draw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  /** Which end of the chosen burst is under the pointer, if one is. */
  #edgeAt(event) {
    const burst = this.bursts.find((b) => b.key === this.chosen);
    const box = this.canvas.getBoundingClientRect();
    if (!burst || event.clientY - box.top < STRIP) return "";
    const reach = event.pointerType === "touch" ? 16 : 7;
    const x = event.clientX - box.left;
    const away = (timeS) => Math.abs(this.#x(timeS, this.part, box.width) - x);
    const [start, end] = [away(burst.start), away(burst.end)];
    if (Math.min(start, end) > reach) return "";
    this.heldPart = this.part; // what is shown moves with the picture; the hand does not
    return start < end ? "start" : "end";
  }

  #timeAt(event, [a, b]) {
    const box = this.canvas.getBoundingClientRect();
    return a + ((event.clientX - box.left) / box.width) * (b - a);
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const [a, b] = event.clientY - box.top < STRIP ? [this.startS, this.endS] : this.part;
    this.player.pause();
    this.player.show(this.player.at(a + share * (b - a)));
  }

  #draw() {
    const { canvas } = this;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const style = getComputedStyle(canvas);
    for (const name of ["ground", "ink", "quiet", "rule", "strip", "grey", "mark-right", "mark-left", "link"]) {
      this.#colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#strip(pen, width);
    this.#part(pen, width, STRIP + GAP, height - AXIS);
    this.#axis(pen, width, height);
  }

  #strip(pen, width) {
    const whole = [this.startS, this.endS];
    this.#lane(pen, width, 0, STRIP, whole, false);
    const [a, b] = this.part.map((timeS) => this.#x(timeS, whole, width));
    pen.strokeStyle = this.#colours.ink;
    pen.lineWidth = 2;
    pen.strokeRect(a + 1, 1, Math.max(b - a - 2, 3), STRIP - 2);
  }

  #part(pen, width, top, bottom) {
    this.#lane(pen, width, top, bottom, this.part, true);
    const [from, to] = [this.player.frame, this.player.frame];
    const a = this.#x(this.player.start(from), this.part, width);
    const b = this.#x(this.player.end(to), this.part, width);
    pen.globalAlpha = 0.35;
    pen.fillStyle = this.#colours.ink;
    pen.fillRect(a, top, Math.max(b - a, 2), bottom - top);
    pen.globalAlpha = 1;
    if (this.mark !== null) {
      const x = this.#x(this.mark, this.part, width);
      pen.strokeStyle = this.#colours.link;
      pen.setLineDash([5, 4]);
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  #x(timeS, [a, b], width) {
    return (width * (timeS - a)) / (b - a);
  }

  #lane(pen, width, top, bottom, view, fine) {
    const middle = (top + bottom) / 2;
    pen.fillStyle = this.#colours.strip;
    pen.fillRect(0, top, width, bottom - top);
    pen.fillStyle = this.#colours.grey;
    pen.globalAlpha = 0.35;
    for (const [a, b] of this.excluded) this.#box(pen, a, b, top, bottom, view, width, "fill");
    pen.globalAlpha = 1;
    const rejectedFirst = (b) => (b.verdict === "rejected" ? 0 : 1);
    const bursts = [...this.bursts].sort((a, b) => rejectedFirst(a) - rejectedFirst(b));
    for (const burst of bursts) this.#bar(pen, burst, top, middle, bottom, view, width, fine);
    if (fine) {
      this.#curve(pen, this.evidence.right, width, middle, top - middle, view, "mark-right");
      this.#curve(pen, this.evidence.left, width, middle, bottom - middle, view, "mark-left");
    }
    pen.strokeStyle = this.#colours.grey;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, middle);
    pen.lineTo(width, middle);
    pen.stroke();
  }

  #box(pen, a, b, top, bottom, view, width, how) {
    const [x0, x1] = [this.#x(a, view, width), this.#x(b, view, width)];
    if (x1 < 0 || x0 > width) return;
    pen[`${how}Rect`](x0, top, Math.max(x1 - x0, 2), bottom - top);
  }

  #bar(pen, burst, top, middle, bottom, view, width, fine) {
    const [from, to] = burst.side === "right" ? [top + 3, middle] : [middle, bottom - 3];
    const colour = this.#colours[`mark-${burst.side}`];
    pen.fillStyle = pen.strokeStyle = colour;
    pen.globalAlpha = burst.verdict === "rejected" ? 0.12 : fine ? 0.4 : 0.9;
    this.#box(pen, burst.start, burst.end, from, to, view, width, "fill");
    pen.globalAlpha = 1;
    if (!fine) return;
    pen.lineWidth = burst.key === this.chosen ? 3 : 1.5;
    pen.setLineDash(burst.verdict === "unreviewed" ? [6, 4] : []);
    this.#box(pen, burst.start, burst.end, from, to, view, width, "stroke");
    pen.setLineDash([]);
    if (burst.key === this.chosen) {
      // Handles at both ends, to be dragged.
      for (const timeS of [burst.start, burst.end]) {
        pen.fillRect(this.#x(timeS, view, width) - 2.5, from + (to - from) / 2 - 11, 5, 22);
      }
    }
    if (burst.verdict !== "rejected") return;
    pen.beginPath();
    pen.moveTo(this.#x(burst.start, view, width), from);
    pen.lineTo(this.#x(burst.end, view, width), to);
    pen.moveTo(this.#x(burst.start, view, width), to);
    pen.lineTo(this.#x(burst.end, view, width), from);
    pen.stroke();
  }

  /** The largest evidence in every column of the canvas. */
  #curve(pen, series, width, middle, reach, view, colour) {
    const { player } = this;
    const first = player.at(view[0]);
    const last = player.at(view[1]);
    const height = (value) => middle + reach * 0.94 * Math.min(Math.max(value, 0) / MOST_SD, 1);
    pen.strokeStyle = this.#colours[colour];
    pen.lineWidth = 1.5;
    pen.beginPath();
    let [column, largest, open] = [-1, NaN, false];
    const flush = () => {
      if (Number.isNaN(largest)) open = false;
      else {
        pen[open ? "lineTo" : "moveTo"](column, height(largest));
        open = true;
      }
    };
    for (let frame = first; frame <= last; frame += 1) {
      const x = Math.round(this.#x(player.times[frame], view, width));
      if (x !== column) {
        if (column >= 0) flush();
        [column, largest] = [Math.max(x, 0), NaN];
      }
      const value = series[frame];
      if (!(largest >= value) && !Number.isNaN(value)) largest = value;
    }
    flush();
    pen.stroke();
  }

  #axis(pen, width, height) {
    const [a, b] = this.part;
    const step = STEPS_S.find((s) => (b - a) / s <= width / 80) ?? 3600;
    pen.fillStyle = this.#colours.quiet;
    pen.font = "14px system-ui, sans-serif";
    pen.textAlign = "center";
    for (let n = Math.ceil(a / step); n * step <= b; n += 1) {
      const text = clock(n * step, step < 1 ? 2 : 0);
      const half = pen.measureText(text).width / 2;
      const x = Math.min(Math.max(this.#x(n * step, [a, b], width), half), width - half);
      pen.fillText(text, x, height - 5);
    }
  }
}

/** A moment as m:ss, with some digits. */
export function clock(timeS, digits) {
  const ticks = Math.round(timeS * 10 ** digits);
  const whole = Math.floor(ticks / 10 ** digits);
  const rest = String(ticks - whole * 10 ** digits).padStart(digits, "0");
  const seconds = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const head = minutes < 60 ? minutes : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return `${head}:${seconds}${digits ? `.${rest}` : ""}`;
}
