// The mesh of the face over the picture, and the way to zoom to the face. Meshes come
// from the server in stretches of pictures, as shares of the picture's size.

const POINTS = 478;
const UNSEEN = 65535;
const LARGEST = 65534;
const KEPT = 12;
const FACE_SHARE = 0.72; // of the picture that a zoomed face fills

export class Mesh {
  #stretches = new Map();
  #lines = null;

  constructor(path, stretch, canvas, frame) {
    this.path = path;
    this.stretch = stretch;
    this.canvas = canvas;
    this.box = frame; // holds video and canvas
    this.shown = false;
    this.zoomed = false;
  }

  /** The mesh of a picture as numbers from 0 to 1, or null without a face. */
  async of(picture) {
    const number = Math.floor(picture / this.stretch);
    if (!this.#stretches.has(number)) this.#stretches.set(number, this.#load(number));
    while (this.#stretches.size > KEPT) this.#stretches.delete(this.#stretches.keys().next().value);
    const all = await this.#stretches.get(number);
    const from = (picture - number * this.stretch) * POINTS * 2;
    const mesh = all.subarray(from, from + POINTS * 2);
    return mesh.length && mesh[0] !== UNSEEN ? mesh : null;
  }

  async #load(number) {
    const answer = await fetch(`${this.path}/mesh/${number}`, { credentials: "same-origin" });
    if (!answer.ok) {
      this.#stretches.delete(number);
      return new Uint16Array();
    }
    const found = new Uint16Array(await answer.arrayBuffer());
    if (!this.#lines?.length) {
      const lines = await fetch(`${this.path}/mesh/${number}/lines`, { credentials: "same-origin" });
      this.#lines = lines.ok ? await lines.json() : [];
    }
    return found;
  }

  /** Draw the mesh of a picture, unless the page has gone on meanwhile. */
  async draw(picture, still) {
    const mesh = await this.of(picture);
    if (!still()) return mesh !== null;
    const video = this.box.querySelector("video");
    const { canvas } = this;
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
    }
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!mesh) return false;
    const x = (point) => (mesh[2 * point] / LARGEST) * canvas.width;
    const y = (point) => (mesh[2 * point + 1] / LARGEST) * canvas.height;
    pen.strokeStyle = "rgb(225 235 240 / .45)";
    pen.lineWidth = Math.max(canvas.width / 1200, 0.6);
    pen.beginPath();
    for (let n = 0; n + 1 < this.#lines.length; n += 2) {
      pen.moveTo(x(this.#lines[n]), y(this.#lines[n]));
      pen.lineTo(x(this.#lines[n + 1]), y(this.#lines[n + 1]));
    }
    pen.stroke();
    return true;
  }

  /** Zoom so that the face of a picture fills the stage; false without a face. */
  async zoomTo(picture) {
    const mesh = await this.of(picture);
    if (!mesh) return false;
    let [x0, y0, x1, y1] = [1, 1, 0, 0];
    const place = this.#inBox();
    for (let n = 0; n < mesh.length; n += 2) {
      const [x, y] = place(mesh[n] / LARGEST, mesh[n + 1] / LARGEST);
      [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
    }
    const scale = Math.min(Math.max(FACE_SHARE / Math.max(x1 - x0, y1 - y0), 1), 8);
    const part = (low, high) => Math.min(Math.max((low + high) / 2 - 0.5 / scale, 0), 1 - 1 / scale);
    this.box.style.transformOrigin = "0 0";
    this.box.style.transform = `scale(${scale}) translate(${-100 * part(x0, x1)}%, ${-100 * part(y0, y1)}%)`;
    this.zoomed = true;
    return true;
  }

  /** From shares of the picture to shares of the box, in which it may have margins. */
  #inBox() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const { videoWidth, videoHeight } = this.box.querySelector("video");
    const fit = Math.min(width / videoWidth, height / videoHeight);
    const [w, h] = [(videoWidth * fit) / width, (videoHeight * fit) / height];
    return (x, y) => [(1 - w) / 2 + x * w, (1 - h) / 2 + y * h];
  }

  unzoom() {
    this.box.style.transform = "";
    this.zoomed = false;
  }
}
