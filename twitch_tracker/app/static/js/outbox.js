// Seconds of video on their way to the server.
//
// Every chunk is put into IndexedDB first and leaves it when the server has
// acknowledged it; chunks of a clip are sent in order. So neither a reload nor a server
// that is away for a while loses anything. Where IndexedDB is missing (some private
// windows) chunks wait in memory.
//
// Two tabs must not send each other's chunks: a tab holds the lock of its session, and
// what nobody holds may be adopted.
import { ask, wait } from "./page.js";

const NAME = "twitch_tracker_outbox";
const KEEP = "chunks";
const LONGEST_WAIT_MS = 4000;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openStore() {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(KEEP, { keyPath: ["clip", "index"] });
    const base = await done(opening);
    const store = (mode) => base.transaction(KEEP, mode, { durability: "strict" }).objectStore(KEEP);
    return {
      put: (chunk) => done(store("readwrite").put(chunk)),
      remove: (clip, index) => done(store("readwrite").delete([clip, index])),
      all: () => done(store("readonly").getAll()),
    };
  } catch {
    const kept = new Map();
    return {
      put: async (chunk) => kept.set(`${chunk.clip}/${chunk.index}`, chunk),
      remove: async (clip, index) => kept.delete(`${clip}/${index}`),
      all: async () => [...kept.values()].sort((a, b) => a.index - b.index),
    };
  }
}

async function hash(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  /** `changed({waiting, offline, refused})` is told whenever something changes. */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.store = openStore();
    this.waiting = 0;
    this.sending = null;
  }

  /** Keep a chunk and see that it is sent. */
  async put(clip, index, blob) {
    this.waiting += 1;
    const bytes = await blob.arrayBuffer();
    const store = await this.store;
    await store.put({ clip, index, session: this.session, bytes });
    this.kick();
  }

  /** Send what an earlier page of this session left; resolves when all is sent. */
  async flush() {
    await this.kick();
    const left = (await this.mine()).length;
    if (left) await this.flush();
  }

  kick() {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async mine() {
    const store = await this.store;
    return (await store.all()).filter((chunk) => chunk.session === this.session);
  }

  async sendAll() {
    for (;;) {
      const chunks = await this.mine();
      this.waiting = chunks.length;
      this.changed({ waiting: this.waiting, offline: false });
      if (!chunks.length) return;
      for (const chunk of chunks) await this.sendOne(chunk);
    }
  }

  async sendOne({ clip, index, bytes }) {
    const headers = { "X-Chunk-SHA256": await hash(bytes), "Content-Type": "application/octet-stream" };
    const store = await this.store;
    for (let again = 250; ; again = Math.min(2 * again, LONGEST_WAIT_MS)) {
      try {
        await ask("PUT", `/api/clips/${clip}/chunks/${index}`, bytes, headers);
        break;
      } catch (error) {
        if ([404, 409, 413].includes(error.status)) {
          this.changed({ waiting: this.waiting, offline: false, refused: error.message });
          break;
        }
        this.changed({ waiting: this.waiting, offline: true });
        await wait(again);
      }
    }
    await store.remove(clip, index);
    this.waiting -= 1;
    this.changed({ waiting: this.waiting, offline: false });
  }
}

/** Hold the lock of a session as long as the page lives; false when another tab does. */
export function hold(session) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`guided-${session}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
