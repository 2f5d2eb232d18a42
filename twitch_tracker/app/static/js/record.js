// The guided session. One clip a step (and one more for every pause), so that tasks
// are never mixed and no cut is hidden in a file.
import { Camera, Recorder, cameras, mediaType } from "./camera.js";
import { Live } from "./live.js";
import { Outbox, hold } from "./outbox.js";
import { Refused, ask, byId, data, fill } from "./page.js";
import { Voice } from "./voice.js";

const LIVE_FORGETS_MS = 300_000;
const facts = data("facts");
const words = data("words");
const steps = facts.steps;
const camera = new Camera();
const voice = new Voice(words.language, byId("voice"));

let session = facts.session_id;
let outbox = null;
let live = null;
let place = 0; // which step is next or runs
let running = null; // {clip, recorder, before_s, began, cues}
let done = steps.map(() => []); // clips of each step
let spent_s = 0; // of the step, before the last pause
let busy = false;
let awake = null;
let ending = Promise.resolve(); // files that were stopped, until the server has them
let whole = true; // nothing that was filmed was refused

// --- what is shown --------------------------------------------------------------

function show(id) {
  for (const part of ["setup", "step", "over"]) byId(part).hidden = part !== id;
}

function trouble(text) {
  byId("trouble").textContent = text;
  byId("trouble").hidden = !text;
}

/** Less than the step is on film: reported at once, while it can be done again. */
function noteFilm(step, note) {
  byId("film-note").textContent = note ? fill(words.film_note, { step: step.title, note }) : "";
  byId("film-note").hidden = !note;
}

/** How what was filmed is kept, in words. */
function howKept({ waiting, offline, why, kept }) {
  if (why) return fill(words.not_taken, { why });
  if (offline) return kept ? words.offline : words.offline_not_kept;
  if (!kept) return words.not_kept;
  if (waiting > 1) return fill(words.waiting, { n: waiting });
  return whole ? words.all_saved : "";
}

function stored(now) {
  const { waiting, offline, refused, kept } = now;
  document.documentElement.dataset.waiting = waiting;
  if (refused) {
    whole = false;
    trouble(fill(words.refused, { why: refused }));
  }
  const text = howKept(now);
  // What waits changes every second: to be read, but not to be said each time.
  byId("saved").ariaLive = offline || !kept ? "polite" : "off";
  if (byId("saved").textContent !== text) byId("saved").textContent = text;
}

function seen(state) {
  const advice = byId("advice");
  if (advice.textContent !== state.words) advice.textContent = state.words;
  document.querySelector(".mirror").classList.toggle("good", state.good);
  for (const cell of document.querySelectorAll("[data-count]")) {
    const text = String(state[cell.dataset.count]);
    if (cell.textContent !== text) cell.textContent = text;
  }
}

function present() {
  const step = steps[place];
  show("step");
  byId("where").textContent = fill(words.step_of, { n: place + 1, all: steps.length });
  byId("h-step").textContent = step.title;
  byId("ask").textContent = step.ask;
  byId("why").textContent = step.why;
  byId("reading").textContent = step.reading;
  byId("reading").hidden = !step.reading;
  byId("cue").textContent = "";
  spent_s = 0;
  buttons();
  byId("h-step").focus();
  voice.say(`${step.title}. ${step.ask}`);
}

function buttons() {
  const on = Boolean(running);
  byId("start").hidden = on;
  for (const id of ["pause", "enough"]) byId(id).hidden = !on;
  for (const id of ["clock", "time", "running"]) byId(id).hidden = !on;
  byId("skip").hidden = byId("finish").hidden = on;
  byId("again").hidden = on || place === 0 || spent_s > 0;
  byId("counts").hidden = byId("counts-note").hidden = !on;
  document.documentElement.dataset.running = on ? steps[place].task : "";
}

// --- one step -------------------------------------------------------------------

/** Do one thing at a time; a second press of a button meanwhile does nothing. */
async function once(act, { quietly = false } = {}) {
  if (busy) return;
  busy = true;
  // What went wrong stays to be read until somebody goes on.
  if (!quietly) trouble("");
  try {
    await act();
  } catch (error) {
    trouble(error instanceof Refused ? error.message : words.lost);
  } finally {
    busy = false;
  }
}

async function start() {
  const step = steps[place];
  const type = mediaType();
  // A camera that was unplugged may be back.
  if (!camera.alive && !(await openCamera())) return;
  const { name } = camera.given;
  const { clip_id: clip } = await ask("POST", `/api/guided/${session}/clips`, {
    task: step.task,
    media_type: type,
    device: name.slice(0, 200),
  });
  live?.anew();
  const recorder = await film(type, (index, blob) => outbox.put(clip, index, blob));
  done[place].push(clip);
  running = { clip, recorder, began: performance.now(), cues: step.cues.filter((cue) => cue.at_s >= spent_s) };
  byId("cue").textContent = "";
  buttons();
  byId("pause").focus();
  stayAwake();
  tick();
}

/** A recorder that runs. */
async function film(type, take) {
  try {
    const recorder = new Recorder(camera.stream, type, take, cutShort);
    await recorder.started;
    return recorder;
  } catch {
    throw new Refused(0, words.no_start);
  }
}

/** Filming ended by itself: the step ends at once, and what was filmed of it is kept. */
async function cutShort() {
  if (!running) return;
  await once(async () => {
    await stopRecording();
    byId("cue").textContent = "";
    voice.say(words.cut_short);
    byId("start").focus();
    trouble(words.cut_short);
  });
}

/** Ask the screen not to go dark while somebody sits still before it. */
async function stayAwake() {
  try {
    awake ??= await navigator.wakeLock.request("screen");
    awake.addEventListener("release", () => {
      awake = null;
    });
  } catch {
    // not known by this browser
  }
}

const elapsed = () => spent_s + (performance.now() - running.began) / 1000;

function tick() {
  if (!running) return;
  const step = steps[place];
  const now_s = elapsed();
  while (running.cues.length && running.cues[0].at_s <= now_s) {
    const { words: cue } = running.cues.shift();
    byId("cue").textContent = cue;
    voice.say(cue);
  }
  const left = fill(words.left, { seconds: Math.max(0, Math.ceil(step.length_s - now_s)) });
  if (byId("clock").textContent !== left) byId("clock").textContent = left;
  byId("elapsed").value = Math.min(100, (100 * now_s) / step.length_s);
  if (now_s >= step.length_s && !busy) once(endStep, { quietly: true });
  // Not requestAnimationFrame: a hidden tab would never end its step.
  setTimeout(tick, 100);
}

/** End the file that is being recorded; its last chunk is kept before this resolves. */
async function stopRecording() {
  const { clip, recorder, began } = running;
  const step = steps[place];
  const ran_s = (performance.now() - began) / 1000;
  spent_s = elapsed();
  running = null;
  await recorder.stop();
  buttons();
  // The server puts it together once everything has arrived; it may be away just now.
  ending = ending
    .then(() => outbox.flush())
    .then(() => ask("POST", `/api/clips/${clip}/finish`, { ran_s }))
    .then(({ note }) => noteFilm(step, note))
    .catch((error) => {
      if (error instanceof Refused) noteFilm(step, error.message);
    });
}

async function endStep() {
  await stopRecording();
  voice.say(words.step_over);
  next();
}

async function pause() {
  await stopRecording();
  byId("cue").textContent = words.paused;
  voice.say(words.paused);
  byId("start").focus();
}

function next() {
  place += 1;
  if (place < steps.length) {
    present();
    return;
  }
  show("over");
  byId("h-over").focus();
}

/** Do the last step again: what was recorded of it is removed. */
async function again() {
  await outbox.flush();
  await ending;
  const last = place - 1;
  while (done[last].length) {
    try {
      await ask("DELETE", `/api/clips/${done[last].at(-1)}`);
    } catch (error) {
      if (error.status !== 404) throw error; // 404: nothing of it had arrived
    }
    done[last].pop();
  }
  noteFilm(steps[last], "");
  place = last;
  present();
}

async function finish() {
  byId("saved").textContent = words.stored_now;
  await outbox.flush();
  await ending;
  const { url } = await ask("POST", `/api/guided/${session}/finish`);
  live?.close();
  camera.close();
  sessionStorage.removeItem(key);
  location.assign(url);
}

// --- the beginning --------------------------------------------------------------

const key = `session of ${facts.patient_id}`;

async function begin() {
  await join();
  const rests = done.findIndex((clips) => !clips.length);
  place = rests < 0 ? steps.length - 1 : rests;
  present();
  if (done.some((clips) => clips.length)) {
    byId("cue").textContent = words.interrupted;
  }
}

/** Go on with this tab's session, or begin one. Another tab's session stays its own. */
async function join() {
  for (const candidate of [session, sessionStorage.getItem(key)].filter(Boolean)) {
    if (!(await hold(candidate))) continue;
    session = candidate;
    outbox = new Outbox(session, stored);
    if (await resume()) return;
  }
  ({ session_id: session } = await ask("POST", "/api/guided", { patient_id: facts.patient_id }));
  await hold(session);
  sessionStorage.setItem(key, session);
  outbox = new Outbox(session, stored);
}

async function resume() {
  let state;
  try {
    state = await ask("GET", `/api/guided/${session}`);
  } catch (error) {
    if (error.status === 404) return false;
    throw error;
  }
  if (state.finished) return false;
  await outbox.flush();
  done = steps.map(() => []);
  for (const { clip_id: clip, task, state: how } of state.clips) {
    if (how === "recording") {
      try {
        await ask("POST", `/api/clips/${clip}/finish`);
      } catch (error) {
        if (error.status === 409) continue; // nothing of it had arrived
        throw error;
      }
    }
    done[steps.findIndex((step) => step.task === task)]?.push(clip);
  }
  sessionStorage.setItem(key, session);
  return true;
}

/** Open the camera that is chosen; true when it gives pictures. */
async function openCamera() {
  trouble("");
  const [choice, rate] = [byId("camera"), Number(byId("rate").value)];
  byId("begin").disabled = true;
  try {
    byId("preview").srcObject = await camera.open(choice.value, rate);
  } catch (error) {
    const why = { NotAllowedError: words.denied, NotReadableError: words.busy };
    trouble(why[error.name] ?? words.no_camera);
    byId("advice").textContent = "";
    return false;
  }
  camera.track.onended = () => (running ? cutShort() : trouble(words.gone));
  camera.track.onmute = () => trouble(words.muted);
  camera.track.onunmute = () => trouble("");
  const { deviceId } = camera.given;
  choice.replaceChildren(
    ...(await cameras()).map((device, index) => {
      const name = device.label || fill(words.camera_n, { n: index + 1 });
      return new Option(name, device.deviceId, false, device.deviceId === deviceId);
    }),
  );
  choice.disabled = false;
  byId("given").textContent = fill(words.given, camera.given);
  byId("begin").disabled = false;
  live ??= new Live(byId("preview"), facts.patient_id, seen, (why) => {
    const text = why || words.no_live;
    if (byId("advice").textContent !== text) byId("advice").textContent = text;
    document.querySelector(".mirror").classList.remove("good");
  });
  return true;
}

byId("camera").addEventListener("change", openCamera);
byId("rate").addEventListener("change", openCamera);
byId("begin").addEventListener("click", () => once(begin));
byId("start").addEventListener("click", () => once(start));
byId("pause").addEventListener("click", () => once(pause));
byId("enough").addEventListener("click", () => once(endStep));
byId("skip").addEventListener("click", () => once(async () => next()));
byId("again").addEventListener("click", () => once(again));
byId("again-last").addEventListener("click", () => once(again));
for (const id of ["finish", "analyse"]) byId(id).addEventListener("click", () => once(finish));
document.addEventListener("visibilitychange", () => {
  // A page that was hidden has lost its hold on the screen.
  if (running && document.visibilityState === "visible") stayAwake();
});
addEventListener("beforeunload", (event) => {
  if (running || outbox?.fragile) event.preventDefault();
});
// What live analysis remembers of a stretch must not grow while nobody is filmed.
setInterval(() => {
  if (!running) live?.anew();
}, LIVE_FORGETS_MS);
document.documentElement.dataset.ready = "yes";
openCamera();
