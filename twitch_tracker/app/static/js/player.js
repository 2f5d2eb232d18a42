// A player that shows whole pictures: it knows the true time of every picture, steps by
// going to the middle of the time for which a picture is shown, and asks the browser
// which one that was. Without a video it moves the cursor alone.

const SAME_S = 6e-4; // times of bursts are rounded to a millisecond
const PATIENCE_MS = 400;

export class Player {
  #waiting = null; // a picture that is being gone to
  #wanted = null; // the one to go to next
  #timer = 0;

  constructor(times, lastS, moved) {
    this.times = times;
    this.lastS = lastS;
    this.moved = moved; // called with the picture that is shown
    this.frame = 0;
    this.video = null;
    this.speed = 1;
    this.loop = null; // [first, last] picture
    this.stretch = null; // [first, last] picture that is played once, and where to stand then
    this.playing = false;
    this.tookMs = 0;
  }

  get count() {
    return this.times.length;
  }

  start(frame) {
    return this.times[frame];
  }

  end(frame) {
    return frame + 1 < this.count ? this.times[frame + 1] : this.times[this.count - 1] + this.lastS;
  }

  /** The picture that is shown at a time. */
  at(timeS) {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= timeS + SAME_S) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Take a video whose pictures have these times. */
  take(video) {
    this.video = video;
    video.playbackRate = this.speed;
    const watch = (_now, shown) => {
      this.#shown(this.at(shown.mediaTime));
      video.requestVideoFrameCallback(watch);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(watch);
    else {
      // Older browsers do not report which picture they show, only where they are.
      for (const kind of ["seeked", "timeupdate"]) {
        video.addEventListener(kind, () => this.#shown(this.at(video.currentTime)));
      }
    }
    video.addEventListener("pause", () => this.#stopped());
    video.addEventListener("ended", () => this.#stopped());
    this.#go(this.frame);
  }

  /** Show a picture; gives a promise that holds the picture that is then shown. */
  show(frame) {
    const target = Math.min(Math.max(frame, 0), this.count - 1);
    this.frame = target;
    this.moved(target);
    if (!this.video) return Promise.resolve(target);
    return this.#go(target);
  }

  step(by) {
    this.pause();
    return this.show(this.frame + by);
  }

  #go(target) {
    if (this.#waiting) {
      this.#wanted?.done(target);
      return new Promise((done) => {
        this.#wanted = { target, done };
      });
    }
    return new Promise((done) => {
      const began = performance.now();
      const finish = (shown) => {
        if (!this.#waiting) return;
        clearTimeout(this.#waiting.timer);
        this.#waiting = null;
        this.tookMs = performance.now() - began;
        this.video.dataset.shown = shown;
        this.video.dataset.tookMs = this.tookMs.toFixed(1);
        done(shown);
        const next = this.#wanted;
        this.#wanted = null;
        if (next) this.#go(next.target).then(next.done);
      };
      const patient = () => finish(this.at(this.video.currentTime));
      this.#waiting = { target, finish, timer: setTimeout(patient, 10 * PATIENCE_MS) };
      this.video.addEventListener(
        "seeked",
        () => {
          // The same picture again is not reported by the browser.
          if (this.#waiting?.finish === finish) {
            clearTimeout(this.#waiting.timer);
            this.#waiting.timer = setTimeout(patient, PATIENCE_MS);
          }
        },
        { once: true },
      );
      this.video.currentTime = (this.start(target) + this.end(target)) / 2;
    });
  }

  #shown(frame) {
    this.video.dataset.shown = frame;
    if (this.#waiting) {
      if (frame === this.#waiting.target) this.#waiting.finish(frame);
      return;
    }
    if (!this.playing) return;
    this.#pass(frame);
  }

  /** Play a stretch of pictures once, then show another picture. */
  once([first, last], then) {
    this.show(first);
    this.stretch = { last, then };
    this.play();
  }

  #pass(frame) {
    if (this.stretch && frame > this.stretch.last) {
      const { then } = this.stretch;
      this.pause();
      this.show(then);
      return;
    }
    if (this.loop && (frame > this.loop[1] || frame < this.loop[0])) {
      this.show(this.loop[0]);
      return;
    }
    this.frame = frame;
    this.moved(frame);
  }

  #stopped() {
    // The word of a stop comes late: what was begun meanwhile goes on.
    if (!this.video.paused && !this.video.ended) return;
    if (this.video.ended && this.stretch && this.playing) {
      const { then } = this.stretch;
      this.stretch = null;
      this.playing = false;
      this.show(then);
      return;
    }
    if (this.video.ended && this.loop && this.playing) {
      this.show(this.loop[0]);
      this.video.play();
      return;
    }
    this.playing = false;
    this.moved(this.frame);
  }

  play() {
    this.playing = true;
    if (this.frame === this.count - 1) this.show(0);
    if (this.video) this.video.play().catch(() => this.video.paused && this.pause());
    else this.#tick(performance.now(), this.times[this.frame]);
  }

  pause() {
    this.stretch = null;
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.#timer);
    this.video?.pause();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.video) this.video.playbackRate = speed;
  }

  /** Play without a video: the cursor alone. */
  #tick(before, timeS) {
    this.#timer = requestAnimationFrame((now) => {
      if (!this.playing || this.video) return;
      const nowS = timeS + (this.speed * (now - before)) / 1000;
      const frame = this.at(nowS);
      if (frame === this.count - 1 && !this.loop) this.playing = false;
      const again = this.loop && nowS >= this.end(this.loop[1]);
      this.#pass(again ? this.loop[0] : frame);
      if (this.playing) this.#tick(now, again ? this.times[this.loop[0]] : nowS);
    });
  }
}
