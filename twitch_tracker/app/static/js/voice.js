// Spoken cues, with a soft tone where no voice is installed; both can be switched off.

export class Voice {
  constructor(language, box) {
    this.language = language;
    this.box = box;
    box.checked = localStorage.getItem("voice") !== "off";
    box.addEventListener("change", () => {
      localStorage.setItem("voice", box.checked ? "on" : "off");
      if (!box.checked) this.hush();
    });
  }

  say(words) {
    if (!this.box.checked) return;
    const speech = globalThis.speechSynthesis;
    if (!speech || !speech.getVoices().length) {
      this.tone();
      return;
    }
    speech.cancel();
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.lang = this.language;
    utterance.rate = 0.95;
    speech.speak(utterance);
  }

  hush() {
    globalThis.speechSynthesis?.cancel();
  }

  tone() {
    try {
      this.sound ??= new AudioContext();
      const [tone, volume] = [this.sound.createOscillator(), this.sound.createGain()];
      const now = this.sound.currentTime;
      tone.frequency.value = 520;
      volume.gain.setValueAtTime(0.0001, now);
      volume.gain.exponentialRampToValueAtTime(0.15, now + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.4);
      tone.connect(volume).connect(this.sound.destination);
      tone.start(now);
      tone.stop(now + 0.45);
    } catch {
      // no sound on this computer; the written cue is there
    }
  }
}
