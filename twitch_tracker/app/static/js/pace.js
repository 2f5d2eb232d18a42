// How often live pictures are sent. The recording comes first: live analysis gets what
// the computer has left over.

const FASTEST_MS = 33;
const SLOWEST_MS = 1000;
/** An answer that takes longer says that the computer is busy. */
const EASY_MS = 60;
const LOOK_EVERY_MS = 2000;
/** Share of the camera's pictures that may get lost on their way to the recorder. */
const FEW = 0.03;
const MANY = 0.1;
const MOST_STRAIN = 8;
/** Sending less must have saved this share of what got lost, or it is no use. */
const HELPED = 0.2;

export class Pace {
  constructor() {
    this.lag = 0;
    this.strain = 1;
    this.eased = 0; // share that got lost when less was sent the last time
    this.looked = { at: 0, total: 0, lost: 0 };
  }

  /** An answer came so many milliseconds after its picture was sent. */
  answered(lag) {
    this.lag += 0.2 * (Math.min(lag, SLOWEST_MS) - this.lag);
  }

  /**
   * Look at the camera's own count (`MediaStreamTrack.stats`, where the browser has it):
   * pictures that were neither delivered nor left out on purpose are lost to the
   * recording, too. Where other programs take them, sending less does not help; then
   * live pictures come back.
   */
  watch(stats, now) {
    if (!stats || now - this.looked.at < LOOK_EVERY_MS) return;
    const total = stats.totalFrames;
    const lost = total - stats.deliveredFrames - stats.discardedFrames;
    const before = this.looked;
    this.looked = { at: now, total, lost };
    if (!before.at || total <= before.total) return;
    const share = (lost - before.lost) / (total - before.total);
    const helps = this.strain === 1 || share < (1 - HELPED) * this.eased;
    if (share > MANY && helps) {
      this.strain = Math.min(MOST_STRAIN, 2 * this.strain);
      this.eased = share;
    } else if (share > MANY || share < FEW) {
      this.strain = Math.max(1, this.strain / 1.3);
    }
  }

  /** How many pictures may be under way: a second one only where the first is quick. */
  get atOnce() {
    return this.lag < EASY_MS && this.strain === 1 ? 2 : 1;
  }

  /** Milliseconds from one picture to the next. */
  get interval() {
    const late = Math.max(0, this.lag - EASY_MS);
    return Math.min(SLOWEST_MS, (FASTEST_MS + 3 * late) * this.strain);
  }
}
