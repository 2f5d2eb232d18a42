// Files from elsewhere: chosen or dropped, announced, sent one after the other with a
// progress bar. One file leads to its page; of several each line says what became of it.
import { ask, byId, data, fill } from "./page.js";

const facts = data("facts");
const words = data("words");
const [form, drop, input, said, sent, send, stop, list] = [
  "upload", "drop", "file", "said", "sent", "send", "stop", "files",
].map(byId);
const MB = 1_000_000;
const megabytes = (bytes) => Math.max(1, Math.round(bytes / MB));
let request = null;
let sending = false;
let stopped = false;
let filmedAt = ""; // what the file says of itself
let rows = []; // {file, task, state, sent}: one for each of several files

/** A moment as fields for dates want it: by this computer's own clock. */
function local(ms) {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function chosen() {
  const files = [...input.files];
  rows = [];
  list.replaceChildren();
  if (!files.length) return;
  const several = files.length > 1;
  list.hidden = !several;
  byId("when-one").hidden = byId("when").disabled = several;
  filmedAt = local(files[0].lastModified);
  byId("when").value = filmedAt;
  if (several) {
    rows = files.map(row);
    const size = megabytes(files.reduce((sum, file) => sum + file.size, 0));
    said.textContent = fill(words.several, { n: files.length, size });
  } else {
    said.textContent = problem(files[0]) || fill(words.chosen, { name: files[0].name, size: megabytes(files[0].size) });
  }
  preview(files[0]);
}

/** One line of the list: which file, when it was filmed, what was asked for. */
function row(file) {
  const line = document.createElement("li");
  const [name, when, state] = ["strong", "span", "span"].map((kind) => document.createElement(kind));
  name.textContent = file.name;
  when.textContent = fill(words.filmed, { when: new Date(file.lastModified).toLocaleString() });
  state.className = "state";
  state.textContent = problem(file) || words.waits;
  const task = byId("task").cloneNode(true);
  task.removeAttribute("id");
  task.required = false;
  task.value = byId("task").value;
  task.ariaLabel = fill(words.task_of, { name: file.name });
  line.append(name, when, task, state);
  list.append(line);
  return { file, task, state, sent: false };
}

byId("task").addEventListener("change", () => {
  for (const { task } of rows) task.value = byId("task").value;
});

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
chosen(); // files that were chosen before this script was there, or that a reload kept
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
  stopped = false;
  if (rows.length) await sendSeveral();
  else await sendOne();
});

async function sendOne() {
  const file = input.files[0];
  const wrong = problem(file);
  if (wrong) {
    said.textContent = wrong;
    return;
  }
  working(true);
  try {
    const url = await announceAndPut(file, byId("task").value, byId("when").value, show);
    sending = false;
    location.assign(url);
  } catch (error) {
    working(false);
    said.textContent = inWords(error);
  }
}

/** Send what was not sent yet; a file that fails keeps no other one back. */
async function sendSeveral() {
  working(true);
  for (const one of rows) {
    if (one.sent || stopped) continue;
    one.state.textContent = problem(one.file);
    if (one.state.textContent) continue;
    try {
      const showInRow = (text) => {
        one.state.textContent = text;
      };
      await announceAndPut(one.file, one.task.value, local(one.file.lastModified), showInRow);
      one.sent = true;
      one.task.disabled = true;
      one.state.textContent = words.sent;
    } catch (error) {
      one.state.textContent = inWords(error);
    }
  }
  working(false);
  const there = rows.filter((one) => one.sent).length;
  said.textContent = `${fill(words.over, { n: there, of: rows.length })} ${there < rows.length ? words.some_not : ""}`;
  if (there < rows.length) return;
  send.disabled = true;
  const onward = document.createElement("a");
  onward.href = facts.home;
  onward.textContent = words.onward;
  said.append(onward);
  onward.focus();
}

async function announceAndPut(file, task, when, show) {
  const { clip_id: clip } = await ask("POST", "/api/files", {
    patient_id: facts.patient_id,
    name: file.name,
    size: file.size,
    media_type: file.type,
    task,
    mirrored: new FormData(form).get("mirrored") === "yes",
    started_at: new Date(when).toISOString(),
    time_told: when !== local(file.lastModified),
  });
  const { url } = await put(`/api/clips/${clip}/file`, file, show);
  return url;
}

/** A browser's own word for a server that is away is no sentence of ours. */
const inWords = (error) => (error instanceof TypeError ? words.lost : error.message);
const show = (text) => {
  said.textContent = text;
};

stop.addEventListener("click", () => {
  stopped = true;
  request?.abort();
});

function working(on) {
  sending = on;
  sent.value = 0;
  // How far it is changes all the time: to be read, but not to be said each time.
  said.ariaLive = on ? "off" : "polite";
  send.disabled = input.disabled = on;
  stop.hidden = sent.hidden = !on;
  (on ? stop : send).focus();
}

// What was sent so far would be lost.
addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

/** Send a file with a progress bar; fetch cannot report how far it is. */
function put(path, file, show) {
  return new Promise((resolve, reject) => {
    request = new XMLHttpRequest();
    request.open("PUT", path);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      sent.value = (100 * event.loaded) / event.total;
      const done = event.loaded === event.total;
      show(done ? words.looking : fill(words.sending, { percent: Math.floor(sent.value) }));
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
