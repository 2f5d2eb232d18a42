// A file from elsewhere: chosen or dropped, announced, sent with a progress bar.
import { ask, byId, data, fill } from "./page.js";

const facts = data("facts");
const words = data("words");
const [form, drop, input, said, sent, send, stop] = [
  "upload", "drop", "file", "said", "sent", "send", "stop",
].map(byId);
const MB = 1_000_000;
const megabytes = (bytes) => Math.max(1, Math.round(bytes / MB));
let request = null;
let sending = false;
let filmedAt = ""; // what the file says of itself

function chosen() {
  const file = input.files[0];
  if (!file) return;
  said.textContent = problem(file) || fill(words.chosen, { name: file.name, size: megabytes(file.size) });
  const local = new Date(file.lastModified - new Date(file.lastModified).getTimezoneOffset() * 60_000);
  filmedAt = local.toISOString().slice(0, 16);
  byId("when").value = filmedAt;
  preview(file);
}

/** Show a picture of the film as it is and turned round, where the browser can play it. */
function preview(file) {
  const videos = [...document.querySelectorAll("video.preview")];
  byId("look").hidden = true;
  for (const video of videos) {
    if (video.src) URL.revokeObjectURL(video.src);
    video.hidden = true;
    video.onloadeddata = () => {
      video.currentTime = Math.min(1, video.duration / 2 || 0);
      video.hidden = false;
      byId("look").hidden = false;
    };
    video.src = URL.createObjectURL(file);
  }
}

function problem(file) {
  if (!file) return words.no_file;
  if (file.size <= facts.limit) return "";
  return fill(words.too_large, { size: megabytes(file.size), limit: megabytes(facts.limit) });
}

input.addEventListener("change", chosen);
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.remove("over");
  });
}
drop.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    chosen();
  }
});
// A file that misses the field must not replace the page.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = input.files[0];
  const wrong = problem(file);
  if (wrong) {
    said.textContent = wrong;
    return;
  }
  working(true);
  try {
    const when = byId("when").value;
    const { clip_id: clip } = await ask("POST", "/api/files", {
      patient_id: facts.patient_id,
      name: file.name,
      size: file.size,
      media_type: file.type,
      task: byId("task").value,
      mirrored: new FormData(form).get("mirrored") === "yes",
      started_at: new Date(when).toISOString(),
      time_told: when !== filmedAt,
    });
    const { url } = await put(`/api/clips/${clip}/file`, file);
    sending = false;
    location.assign(url);
  } catch (error) {
    // A browser's own word for a server that is away is no sentence of ours.
    working(false);
    said.textContent = error instanceof TypeError ? words.lost : error.message;
  }
});

stop.addEventListener("click", () => request?.abort());

function working(on) {
  sending = on;
  sent.value = 0;
  // How far it is changes all the time: to be read, but not to be said each time.
  said.ariaLive = on ? "off" : "polite";
  send.disabled = on;
  stop.hidden = sent.hidden = !on;
  (on ? stop : send).focus();
}

// What was sent so far would be lost.
addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

/** Send a file with a progress bar; fetch cannot tell how far it is. */
function put(path, file) {
  return new Promise((resolve, reject) => {
    request = new XMLHttpRequest();
    request.open("PUT", path);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      sent.value = (100 * event.loaded) / event.total;
      const done = event.loaded === event.total;
      said.textContent = done ? words.looking : fill(words.sending, { percent: Math.floor(sent.value) });
    };
    request.onload = () => {
      if (request.status === 200) resolve(request.response);
      else reject(new Error(request.response?.error ?? words.lost));
    };
    request.onerror = () => reject(new Error(words.lost));
    request.onabort = () => reject(new Error(words.stopped));
    request.send(file);
  });
}
