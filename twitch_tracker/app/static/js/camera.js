// The camera: which ones there are, opening one, and what it really gives.

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

/** Record a stream in chunks of a second; `take(index, blob)` gets each. */
export class Recorder {
  constructor(stream, type, take) {
    this.index = 0;
    this.recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 8_000_000 });
    this.taken = Promise.resolve();
    this.started = new Promise((resolve) => {
      this.recorder.onstart = resolve;
    });
    this.recorder.ondataavailable = ({ data }) => {
      if (!data.size) return;
      const index = this.index++;
      this.taken = this.taken.then(() => take(index, data));
    };
    this.recorder.start(1000);
  }

  /** Stop; resolves when the last chunk has been kept. */
  stop() {
    if (this.recorder.state === "inactive") return this.taken;
    return new Promise((resolve) => {
      this.recorder.onstop = () => resolve(this.taken);
      this.recorder.stop();
    });
  }
}
