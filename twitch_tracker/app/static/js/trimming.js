// Onset and offset of a burst moved picture by picture: shown at once, stored as one act
// when the keys have rested, before anything else is stored, or when the page is left.

const REST_MS = 700;

export class Trimming {
  #key = "";
  #wish = null; // the new borders that are not stored yet
  #timer = 0;

  /** `store` is given a key, the new borders, and whether the page is being left. */
  constructor(store) {
    this.store = store;
  }

  get waits() {
    return this.#wish !== null;
  }

  move(key, wish) {
    if (key !== this.#key) this.flush();
    this.#key = key;
    this.#wish = { ...this.#wish, ...wish };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), REST_MS);
  }

  /** Show what is not stored yet in bursts that came from the server. */
  onto(bursts) {
    const burst = this.waits && bursts.find((b) => b.key === this.#key);
    if (burst) Object.assign(burst, this.#wish);
  }

  flush(leaving = false) {
    if (!this.waits) return;
    clearTimeout(this.#timer);
    const wish = this.#wish;
    this.#wish = null;
    this.store(this.#key, wish, leaving);
  }

  /** Take back what could not be stored; it goes with the next act. */
  keep(key, wish) {
    if (this.waits && key !== this.#key) return;
    this.#key = key;
    this.#wish = { ...wish, ...this.#wish };
  }
}

/**
 * Onset or offset at another border between pictures: the `wish`, and the `frame` to show.
 * Neither, where there is no picture; `short` when no picture of the burst would be left.
 */
export function newBorder(player, burst, edge, border) {
  const first = player.at(burst.start);
  const after = player.at(burst.end - 1.3e-3) + 1; // first picture after the burst
  const [from, to] = edge === "start" ? [border(first), after] : [first, border(after)];
  if (from < 0 || to > player.count) return {};
  if (from >= to) return { short: true };
  if (edge === "start") return { wish: { start: player.start(from) }, frame: from };
  return { wish: { end: player.end(to - 1) }, frame: to - 1 };
}
