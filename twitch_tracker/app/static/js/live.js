// Pictures to the server and advice back. One picture is under way at a time, two while
// answers come quickly, so that a slow computer gets fewer pictures and never a queue.
import { Pace } from "./pace.js";

const WIDTH = 640;
const QUALITY = 0.75;
const AGAIN_MS = 3000;
/** A picture is asked for a little early: it comes with the camera's next one. */
const EARLY_MS = 14;
const FALLBACK_MS = 33;
/** The server's word for: this tab has come again by another socket. */
const TAKEN_OVER = 4001;

/** A name for this tab; a page that is loaded again keeps it. */
function tab() {
  const key = "tab";
  const name = sessionStorage.getItem(key) ?? crypto.randomUUID();
  sessionStorage.setItem(key, name);
  return name;
}

export class Live {
  /**
   * `onSeen(seen)` gets what the server says of a picture; `lost(words)` that there is
   * nothing to show: the server's reason, or nothing when it is away.
   */
  constructor(video, person, onSeen, lost) {
    this.video = video;
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live?${new URLSearchParams({ person, tab: tab() })}`;
    this.onSeen = onSeen;
    this.lost = lost;
    this.canvas = document.createElement("canvas");
    this.paper = this.canvas.getContext("2d", { alpha: false });
    this.pace = new Pace();
    this.wanted = true;
    this.begin();
    this.connect();
  }

  /** Nothing is under way yet. */
  begin() {
    this.under_way = []; // {captured, time, at}, oldest first
    this.looking = false;
    this.looked_at = -Infinity;
  }

  connect() {
    const socket = new WebSocket(this.address);
    let refused = "";
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.begin();
      this.next();
    };
    socket.onmessage = ({ data }) => {
      const seen = JSON.parse(data);
      refused = seen.refused ?? "";
      if (!refused && socket === this.socket) this.answered(seen);
    };
    socket.onclose = ({ code }) => {
      if (!this.wanted || code === TAKEN_OVER) return;
      this.lost(refused);
      setTimeout(() => this.wanted && this.connect(), AGAIN_MS);
    };
  }

  answered(seen) {
    const now = performance.now();
    const place = this.under_way.findIndex(({ time }) => time === seen.time_s);
    // Pictures sent before this one were dropped for it and will have no answer.
    const { captured, at } = this.under_way.splice(0, place + 1).at(-1);
    this.pace.answered(now - at);
    this.pace.watch(this.video.srcObject?.getVideoTracks()[0]?.stats, now);
    this.onSeen(seen);
    document.dispatchEvent(
      new CustomEvent("looked", { detail: { captured, at, answered: performance.now(), dropped: seen.dropped } }),
    );
    this.next();
  }

  /** See to it that a picture is sent when it is time for one. */
  next() {
    if (this.looking || this.under_way.length >= this.pace.atOnce) return;
    this.looking = true;
    const rest = this.looked_at + this.pace.interval - performance.now() - EARLY_MS;
    if (rest > 0) setTimeout(() => this.look(), rest);
    else this.look();
  }

  /** A new step begins: count from zero. */
  anew() {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send("anew");
  }

  /** Send the camera's next picture. */
  look() {
    const { socket } = this;
    // The moment of capture goes on when the camera is changed; mediaTime begins anew.
    const next = (now, { captureTime } = {}) => this.send(socket, captureTime ?? now ?? performance.now());
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else setTimeout(next, FALLBACK_MS);
  }

  async send(socket, captured) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
    this.looked_at = performance.now();
    const blob = width ? await this.picture(width, height) : null;
    if (!blob) {
      setTimeout(() => this.look(), FALLBACK_MS);
      return;
    }
    if (socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
    const time = captured / 1000;
    const head = new DataView(new ArrayBuffer(8));
    head.setFloat64(0, time, true);
    this.under_way.push({ captured, time, at: performance.now() });
    socket.send(new Blob([head.buffer, blob]));
    this.looking = false;
    this.next();
  }

  /** What is on the screen now, small, as JPEG. */
  picture(width, height) {
    this.fit(width, height);
    this.paper.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  /** A canvas is made anew only when the camera's picture has another size. */
  fit(width, height) {
    const scale = Math.min(1, WIDTH / width);
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== across) this.canvas.width = across;
    if (this.canvas.height !== down) this.canvas.height = down;
  }

  close() {
    this.wanted = false;
    this.socket.close();
  }
}
