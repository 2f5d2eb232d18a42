// The camera: which ones there are, opening one, and what it really gives.
import { wait } from "./page.js";

/** A recorder that has not said its last word after this will not. */
const LAST_WORD_MS = 10_000;

export class Camera {
  constructor() {
    this.stream = null;
  }

  /** Open a camera; asks for the rate and for 720p, and takes what it gets. */
  async open(deviceId, rate) {
    this.close();
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" }),
        width: { ideal: 1280 },
        height: { ideal: 720 },
        frameRate: { ideal: rate },
      },
    });
    return this.stream;
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  /** Whether pictures can come: a camera that was unplugged has ended for good. */
  get alive() {
    return this.track?.readyState === "live";
  }

  /** Width, height, rate and name, as given. */
  get given() {
    const { width, height, frameRate, deviceId } = this.track.getSettings();
    return { width, height, fps: Math.round(frameRate), deviceId, name: this.track.label };
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }
}

export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput");
}

/** What this browser can record, the lightest for the computer first. */
export function mediaType() {
  const known = ["video/webm;codecs=vp8", "video/mp4;codecs=avc1.42E01F", "video/webm;codecs=vp9", "video/webm", "video/mp4"];
  return known.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

/**
 * Record a stream in chunks of a second; `take(index, blob)` gets each. `lost()` is
 * called once when filming ends though nobody asked: an error, or the camera is gone.
 */
export class Recorder {
  constructor(stream, type, take, lost) {
    this.index = 0;
    this.recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 8_000_000 });
    this.taken = Promise.resolve();
    this.over = false;
    const on = (kind, act) => this.recorder.addEventListener(kind, act);
    this.started = new Promise((resolve, reject) => {
      on("start", resolve);
      for (const kind of ["error", "stop"]) on(kind, () => reject(new Error(kind)));
    });
    this.stopped = new Promise((resolve) => on("stop", resolve));
    const cut = () => {
      if (!this.over) lost();
      this.over = true;
    };
    for (const kind of ["error", "stop"]) on(kind, cut);
    on("dataavailable", ({ data }) => {
      if (!data.size) return;
      const index = this.index++;
      // What follows a chunk that cannot be read is no film: better to end here.
      this.taken = this.taken.then(() => take(index, data)).catch(cut);
    });
    this.recorder.start(1000);
  }

  /** Stop; resolves when the last chunk has been kept. */
  async stop() {
    this.over = true;
    // One that ended by itself still hands out its last chunk before it says so.
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await Promise.race([this.stopped, wait(LAST_WORD_MS)]);
    await this.taken;
  }
}
