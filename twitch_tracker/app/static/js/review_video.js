// Getting the video of a recording: the copy that the app has or makes, or a file that
// the reviewer chooses.
import { ask, byId, fill, wait } from "./page.js";

const EVERY_MS = 700;

/** See to it that the video comes; `ready` is called with the element when it is there. */
export function fetchVideo(facts, words, path, ready) {
  const [said, bar, send, input, drop] = ["video-words", "preparing", "send-video", "file", "drop"].map(byId);

  const show = () => {
    const video = byId("video");
    video.src = `${path}/video`;
    video.addEventListener(
      "loadeddata",
      () => {
        byId("no-video").hidden = true;
        video.hidden = false;
        ready(video);
      },
      { once: true },
    );
    video.addEventListener("error", () => announce(words.no_film), { once: true });
  };

  /** Say something; what changes all the time is to be read, not to be said each time. */
  const announce = (text, { often = false } = {}) => {
    said.ariaLive = often ? "off" : "polite";
    if (said.textContent !== text) said.textContent = text;
  };

  async function follow(now) {
    while (now.state === "making") {
      send.hidden = true;
      bar.hidden = false;
      bar.value = now.percent;
      announce(fill(words.preparing, now), { often: true });
      await wait(EVERY_MS);
      try {
        now = await ask("GET", `${path}/copy`);
      } catch (error) {
        announce(error.status ? error.message : words.lost);
        await wait(3 * EVERY_MS);
      }
    }
    bar.hidden = true;
    send.hidden = now.state === "ready";
    if (now.state === "ready") show();
    else if (now.state === "failed") announce(fill(words.failed, { why: now.error }));
    else announce(words.no_video);
  }

  const chosen = (file) => {
    if (!file) return;
    if (file.size > facts.limit) {
      announce(fill(words.too_large, { limit: Math.floor(facts.limit / 1_000_000) }));
      return;
    }
    const request = new XMLHttpRequest();
    request.open("PUT", `${path}/video`);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      bar.hidden = false;
      bar.value = (100 * loaded) / total;
      if (loaded === total) announce(words.comparing);
      else announce(fill(words.sending, { percent: Math.floor(bar.value) }), { often: true });
    };
    request.onload = () => {
      bar.hidden = true;
      if (request.status === 200) follow(request.response);
      else announce(request.response?.error ?? words.lost);
    };
    request.onerror = () => {
      bar.hidden = true;
      announce(words.lost);
    };
    request.send(file);
  };
  input.addEventListener("change", () => chosen(input.files[0]));
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    drop.classList.remove("over");
    chosen(event.dataTransfer.files[0]);
  });

  if (facts.video) show();
  else {
    ask("POST", `${path}/copy`).then(follow, (error) => {
      send.hidden = false;
      announce(error.status ? error.message : words.lost);
    });
  }
}
