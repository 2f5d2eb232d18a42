// Seconds of video on their way to the server.
//
// Every chunk is put into IndexedDB first and leaves it when the server has
// acknowledged it; chunks of a clip are sent in order. So neither a reload nor a server
// that is away for a while loses anything. Where IndexedDB is missing (some private
// windows) or full, chunks wait in memory, and the page says so. The convention that
// bites: IndexedDB may take a chunk and refuse it at the end of the transaction, so only
// that end counts.
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

/** The browser's own store; null where there is none. */
async function openBase() {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(KEEP, { keyPath: ["clip", "index"] });
    return await done(opening);
  } catch {
    return null;
  }
}

/** Change what is in the browser's store; resolves when that is on its disk. */
function change(base, act) {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(KEEP, "readwrite", { durability: "strict" });
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(KEEP));
  });
}

const read = (base) => done(base.transaction(KEEP, "readonly").objectStore(KEEP).getAll());
const place = ({ clip, index }) => `${clip}/${index}`;
const inOrder = (a, b) => (a.clip === b.clip ? a.index - b.index : a.clip < b.clip ? -1 : 1);

/** Chunks that wait: in the browser's store, or in memory when that does not take them. */
class Store {
  constructor() {
    this.base = openBase();
    this.memory = new Map();
    this.gone = new Set(); // sent, but still in the browser's store
    this.takes = true; // whether the browser's store took the last one
  }

  async put(chunk) {
    try {
      await change(await this.base, (store) => store.put(chunk));
      this.takes = true;
    } catch {
      this.memory.set(place(chunk), chunk);
      this.takes = false;
    }
  }

  async remove(chunk) {
    if (this.memory.delete(place(chunk))) return;
    this.gone.add(place(chunk));
    try {
      await change(await this.base, (store) => store.delete([chunk.clip, chunk.index]));
    } catch {
      // It is not sent again by this page, and another page's sending does no harm.
    }
  }

  async all() {
    let kept = [];
    if (await this.base) {
      try {
        kept = await read(await this.base);
      } catch {
        this.base = openBase(); // the browser had closed it
        kept = (await this.base) ? await read(await this.base) : [];
      }
    }
    return [...kept.filter((chunk) => !this.gone.has(place(chunk))), ...this.memory.values()].sort(inOrder);
  }
}

/** Remove what is kept of some sessions, whatever has become of it. */
export async function drop(sessions) {
  const base = await openBase();
  if (!base) return;
  try {
    const old = (await read(base)).filter((chunk) => sessions.has(chunk.session));
    if (old.length) {
      await change(base, (store) => old.forEach(({ clip, index }) => store.delete([clip, index])));
    }
  } finally {
    base.close();
  }
}

async function hash(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  /**
   * `changed({waiting, offline, why, refused, kept})` is called whenever something changes:
   * `why` are the server's words for taking nothing just now, `refused` for never taking a
   * chunk; `kept` is false when chunks wait in memory alone.
   */
  constructor(session, changed) {
    this.session = session;
    this.store = new Store();
    this.changed = (now) => changed({ waiting: this.waiting, offline: false, kept: this.store.takes, ...now });
    this.waiting = 0;
    this.sending = null;
  }

  /** Whether something would be lost with this page. */
  get fragile() {
    return this.store.memory.size > 0;
  }

  /** Keep a chunk and see that it is sent. */
  async put(clip, index, blob) {
    this.waiting += 1;
    const bytes = await blob.arrayBuffer();
    await this.store.put({ clip, index, session: this.session, bytes });
    this.kick().catch(() => {}); // reported by the flush at the end of the step
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
    return (await this.store.all()).filter((chunk) => chunk.session === this.session);
  }

  async sendAll() {
    for (;;) {
      const chunks = await this.mine();
      this.waiting = chunks.length;
      this.changed();
      if (!chunks.length) return;
      for (const chunk of chunks) await this.sendOne(chunk);
    }
  }

  async sendOne(chunk) {
    const { clip, index, bytes } = chunk;
    const headers = { "X-Chunk-SHA256": await hash(bytes), "Content-Type": "application/octet-stream" };
    for (let again = 250; ; again = Math.min(2 * again, LONGEST_WAIT_MS)) {
      try {
        await ask("PUT", `/api/clips/${clip}/chunks/${index}`, bytes, headers);
        break;
      } catch (error) {
        if ([404, 409, 413].includes(error.status)) {
          this.changed({ refused: error.message });
          break;
        }
        // Also when this browser is not let in any more: it may be again, by a new link.
        this.changed({ offline: true, why: error.status ? error.message : "" });
        await wait(again);
      }
    }
    await this.store.remove(chunk);
    this.waiting -= 1;
    this.changed();
  }
}

const held = new Set();

/** Hold the lock of a session as long as the page lives; false when another tab does. */
export function hold(session) {
  if (!navigator.locks || held.has(session)) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`guided-${session}`, { ifAvailable: true }, (lock) => {
      if (lock) held.add(session);
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
