// Pictures to the server and advice back, one picture under way at a time, so that a
// slow computer gets fewer pictures and never a queue of them.

const WIDTH = 640;
const QUALITY = 0.75;
const AGAIN_MS = 3000;

export class Live {
  /** `tell(seen)` gets what the server says of a picture; `lost()` that it is away. */
  constructor(video, tell, lost) {
    this.video = video;
    this.tell = tell;
    this.lost = lost;
    this.canvas = document.createElement("canvas");
    this.wanted = true;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(`ws://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.look();
    this.socket.onmessage = ({ data }) => {
      this.tell(JSON.parse(data));
      this.look();
    };
    this.socket.onclose = () => {
      if (!this.wanted) return;
      this.lost();
      setTimeout(() => this.wanted && this.connect(), AGAIN_MS);
    };
  }

  /** A new step begins: count from zero. */
  anew() {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send("anew");
  }

  look() {
    const next = (_now, { mediaTime } = {}) => this.send(mediaTime ?? performance.now() / 1000);
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else setTimeout(next, 33);
  }

  async send(time) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || this.socket.readyState !== WebSocket.OPEN) {
      if (this.wanted && this.socket.readyState === WebSocket.OPEN) this.look();
      return;
    }
    const scale = Math.min(1, WIDTH / width);
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.getContext("2d", { alpha: false }).drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob || this.socket.readyState !== WebSocket.OPEN) return;
    const head = new DataView(new ArrayBuffer(8));
    head.setFloat64(0, time, true);
    this.socket.send(new Blob([head.buffer, blob]));
  }

  close() {
    this.wanted = false;
    this.socket.close();
  }
}
