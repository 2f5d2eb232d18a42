// Notes that are being written: each stays with its burst until it is saved, also when
// another burst is looked at meanwhile.

export class Notes {
  #drafts = new Map(); // burst -> what is written and not saved yet
  #key = "";

  constructor(field) {
    this.field = field;
    field.value = ""; // some browsers put back what was there before a reload
    field.addEventListener("input", () => this.#drafts.set(this.#key, field.value));
  }

  /** Show what was begun for a burst. */
  show(key) {
    if (key === this.#key) return;
    this.#key = key;
    this.field.value = this.#drafts.get(key) ?? "";
  }

  /** A note is saved; what was written since stays. */
  saved(key, text) {
    if ((this.#drafts.get(key) ?? "").trim() !== text) return;
    this.#drafts.delete(key);
    if (key === this.#key) this.field.value = "";
  }

  /** Whether something would be lost with this page. */
  get waits() {
    return [...this.#drafts.values()].some((text) => text.trim());
  }
}
