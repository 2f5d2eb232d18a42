// The review of one recording: what is shown, what each button and key does. Every act
// goes to the server at once, one after the other; what comes back is what is shown.
import { ask, byId, data, fill } from "./page.js";
import { Mesh } from "./mesh.js";
import { Player } from "./player.js";
import { fetchVideo } from "./review_video.js";
import { bindKeys } from "./review_keys.js";
import { listBursts } from "./review_list.js";
import { Notes } from "./review_notes.js";
import { Timeline, clock } from "./timeline.js";
import { Trimming, newBorder } from "./trimming.js";

const facts = data("facts");
const words = data("words");
const path = `/api/review/${facts.id}`;
const whose = { rater: facts.rater, way: facts.way, revision: facts.revision };
const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2];
const DIGITS = 2;
const AROUND_S = 0.3; // before and after a burst that is repeated

const said = byId("said");
const announce = (text) => {
  said.textContent = text;
};
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

let state = facts.state;
let chosen = "";
let mark = null; // first picture of a burst that is being added
let queue = Promise.resolve();
const trimming = new Trimming(storeTrim);
const notes = new Notes(byId("note"));

const packed = await (await fetch(`${path}/signals?revision=${facts.revision}`, { credentials: "same-origin" })).arrayBuffer();
const times = new Float64Array(packed, 0, facts.frames);
const evidence = {
  right: new Float32Array(packed, 8 * facts.frames, facts.frames),
  left: new Float32Array(packed, 12 * facts.frames, facts.frames),
};
const player = new Player(times, facts.last_s, moved);
const timeline = new Timeline(byId("timeline"), player, evidence, facts.excluded);
const mesh = new Mesh(path, facts.stretch, byId("mesh"), byId("frame"));
const seek = byId("seek");

// --- what is shown ------------------------------------------------------------

function moved(frame) {
  const time = clock(player.start(frame), DIGITS + 1);
  byId("clock").textContent = fill(words.clock, { time, n: frame + 1, all: player.count });
  seek.value = frame;
  seek.setAttribute("aria-valuetext", fill(words.place, { time }));
  one("[data-do=play]").firstChild.textContent = `${player.playing ? words.pause : words.play} `;
  timeline.draw();
  if (!player.playing) describeTimeline(time);
  if (mesh.shown) drawMesh(frame);
}

function describeTimeline(time) {
  const [a, b] = timeline.part.map((s) => clock(s, 1));
  byId("timeline").setAttribute("aria-label", fill(words.timeline, { a, b, time }));
}

function drawMesh(frame) {
  mesh.draw(frame, () => player.frame === frame && mesh.shown);
}

const burst = () => state.bursts.find((b) => b.key === chosen);

const isOpen = (b) => b.verdict === "unreviewed";

/** Whether a burst is among those that were asked for. */
function isListed(b) {
  const [open, side, kind] = ["only-open", "only-side", "only-kind"].map((id) => byId(id).value);
  // The one that is looked at stays, so that nothing moves away under a judging hand.
  return b.key === chosen || ((!open || isOpen(b)) && (!side || b.side === side) && (!kind || b.kind === kind));
}

/** Bursts that were asked for, in the order that was chosen. */
function inOrder() {
  const listed = state.bursts.filter(isListed);
  if (byId("order").value !== "sure") return listed;
  return listed.sort((a, b) => (a.sure ?? 2) - (b.sure ?? 2) || a.start - b.start);
}

/** The next burst that is not judged, behind the chosen one and then from the start. */
function nextOpen() {
  const order = inOrder();
  const place = order.findIndex((b) => b.key === chosen);
  const after = [...order.slice(place + 1), ...order.slice(0, Math.max(place, 0))];
  return after.find(isOpen);
}

function render() {
  byId("left-words").textContent = state.left_words;
  byId("undo-words").textContent = state.undo;
  byId("done").hidden = !state.finished;
  one("[data-do=undo]").disabled = !state.undo && !trimming.waits;
  if (chosen && !burst()) chosen = "";
  const order = inOrder();
  listBursts(byId("bursts"), order, chosen);
  renderOne();
  renderSeveral(order.filter(isOpen));
  timeline.bursts = state.bursts;
  timeline.chosen = chosen;
  timeline.draw();
}

function renderSeveral(open) {
  const words_ = byId("several-words");
  if (!words_) return;
  words_.closest(".several").hidden = open.length < 2;
  words_.textContent = fill(words.several, { n: open.length });
}

function renderOne() {
  const b = burst();
  byId("one").hidden = !b;
  if (!b) return;
  notes.show(b.key);
  byId("one-name").textContent = b.name;
  byId("one-words").textContent = `${b.words} (${b.verdict_words})`;
  for (const input of all("[name=side]")) input.checked = input.value === b.side;
  for (const input of all("[name=region]")) input.checked = b.regions.includes(input.value);
  byId("kind").value = b.kind;
  byId("onset").textContent = fill(words.seconds, { time: clock(b.start, DIGITS + 1) });
  byId("offset").textContent = fill(words.seconds, { time: clock(b.end, DIGITS + 1) });
  const others = b.others.length ? [fill(words.others, { names: b.others.join("; ") })] : [];
  byId("one-facts").replaceChildren(
    ...[...b.facts, ...others, ...b.notes].map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

// --- choosing -----------------------------------------------------------------

function choose(key, { quietly = false } = {}) {
  if (key !== chosen) trimming.flush();
  chosen = key;
  const b = burst();
  if (!b) return;
  player.pause();
  if (player.loop) player.loop = around(b);
  player.show(player.at(b.start));
  if (!quietly && byId("play-chosen").checked) playOnce(b);
  if (timeline.spanS < 1.5 * (b.end - b.start)) timeline.spanS = 2 * (b.end - b.start);
  render();
  const order = inOrder();
  if (!quietly) {
    announce(
      fill(words.chosen, {
        n: order.indexOf(b) + 1,
        all: order.length,
        name: b.name,
        words: b.words,
        verdict: b.verdict_words,
      }),
    );
  }
}

function go(by) {
  const order = inOrder();
  const place = order.indexOf(burst());
  const next = place < 0 ? (by > 0 ? 0 : order.length - 1) : place + by;
  if (next < 0 || next >= order.length) announce(words.no_more);
  else choose(order[next].key);
}

/** Play a burst and a little around it once, then stand at its onset again. */
function playOnce(b) {
  if (!player.video || player.loop) return;
  player.once(around(b), player.at(b.start));
}

const around = (b) => [player.at(Math.max(b.start - AROUND_S, times[0])), player.at(b.end + AROUND_S)];

// --- acts ---------------------------------------------------------------------

/** Take what the server says; what is not stored yet stays shown. */
function take(now) {
  state = now;
  trimming.onto(state.bursts);
}

/** Send an act after those before it, and show how the review then stands. */
function send(what, more = {}, failed = () => {}) {
  trimming.flush();
  const body = { ...whose, ...more };
  queue = queue.then(async () => {
    try {
      const wish = typeof body.make === "function" ? body.make() : {};
      delete body.make;
      if (wish === null) return;
      take(await ask("POST", `${path}/${what}`, { ...body, ...wish }));
      if ((more.action === "add" || more.action === "undo") && state.key) chosen = state.key;
      if (more.action === "note") notes.saved(more.key, wish.text);
      announce(state.said);
      render();
      channel?.postMessage("acted");
    } catch (error) {
      await failed(error);
      announce(error.status ? error.message : words.lost);
      renderOne();
    }
  });
  return queue;
}

const act = (action, more = {}) => send("acts", { action, ...more });

/** An act on the chosen burst; `make` works out the change when its turn has come. */
/** Judge the chosen burst and go to the next that is not judged. */
function judge(action) {
  if (!burst()) {
    announce(words.no_burst);
    return;
  }
  const next = nextOpen();
  onBurst(action);
  if (next) choose(next.key);
}

/** Judge all that are listed and not judged yet, as one act of the journal each. */
function judgeAll(action) {
  const keys = inOrder().filter(isOpen).map((b) => b.key);
  if (!keys.length) {
    announce(words.none_shown);
    return;
  }
  if (!confirm(fill(words[`sure_${action}`], { n: keys.length }))) return;
  act(action, { keys });
}

/** What is left comes before the end. */
function finish() {
  const left = facts.scratch ? null : state.bursts.find(isOpen);
  if (!left) {
    send("finish");
    return;
  }
  for (const id of ["only-open", "only-side", "only-kind"]) byId(id).value = "";
  choose(left.key);
  announce(words.left_first);
}

function onBurst(action, make) {
  if (!burst()) {
    announce(words.no_burst);
    return;
  }
  const key = chosen;
  const of = () => state.bursts.find((b) => b.key === key);
  act(action, { key, ...(make && { make: () => (of() ? make(of()) : null) }) });
}

const change = (make) => onBurst("change", make);

/** Move onset or offset of the chosen burst to another border between pictures. */
function trim(edge, border) {
  const b = burst();
  if (!b) announce(words.no_burst);
  const { wish, frame, short } = b ? newBorder(player, b, edge, border) : {};
  if (short) announce(words.too_short);
  if (!wish) return;
  trimming.move(b.key, wish);
  trimming.onto(state.bursts);
  player.show(frame);
  announce(fill(words[`${edge}_at`], { time: clock(wish[edge], DIGITS + 1) }));
  one("[data-do=undo]").disabled = false;
  renderOne();
}

function storeTrim(key, wish, leaving) {
  if (leaving) {
    // No time to wait for acts before it; the request outlives the page (keepalive).
    ask("POST", `${path}/acts`, { ...whose, action: "change", key, ...wish }).catch(() => {});
    return;
  }
  send("acts", { action: "change", key, ...wish }, async (error) => {
    if (error.status) await renew(); // refused: show what the journal has
    else trimming.keep(key, wish);
  });
}

function add() {
  player.pause();
  if (mark === null) {
    mark = player.frame;
    timeline.mark = player.start(mark);
    timeline.draw();
    announce(fill(words.marked, { time: clock(player.start(mark), DIGITS) }));
    return;
  }
  const [first, last] = [mark, player.frame];
  forgetMark();
  if (last < first) {
    announce(words.backwards);
    return;
  }
  act("add", { start: player.start(first), end: player.end(last), side: burst()?.side ?? usualSide() });
}

/** The side that has most bursts here. */
function usualSide() {
  const right = state.bursts.filter((b) => b.side === "right").length;
  return 2 * right >= state.bursts.length ? "right" : "left";
}

function forgetMark() {
  mark = null;
  timeline.mark = null;
  timeline.draw();
}

function regions(wanted) {
  if (!wanted.length) {
    announce(words.one_region);
    renderOne();
    return null;
  }
  return { regions: wanted };
}

function toggle(place) {
  const { value } = all("[name=region]")[place];
  change((b) => regions(b.regions.includes(value) ? b.regions.filter((r) => r !== value) : [...b.regions, value]));
}

function setSpeed(by) {
  const place = SPEEDS.indexOf(player.speed) + by;
  if (place < 0 || place >= SPEEDS.length) return;
  player.setSpeed(SPEEDS[place]);
  byId("speed").textContent = `${SPEEDS[place]}×`;
  announce(fill(words.speed, { x: `${SPEEDS[place]}×` }));
}

function loop() {
  if (!player.loop && !burst()) {
    announce(words.no_burst);
    return;
  }
  player.loop = player.loop ? null : around(burst());
  one("[data-do=loop]").setAttribute("aria-pressed", String(player.loop !== null));
  announce(player.loop ? words.looping : words.not_looping);
  if (player.loop) {
    player.show(player.loop[0]);
    player.play();
  } else player.pause();
  moved(player.frame);
}

async function zoom() {
  if (!player.video) {
    announce(words.needs_video);
    return;
  }
  if (mesh.zoomed) {
    mesh.unzoom();
    announce(words.whole);
  } else {
    announce(words.finding);
    announce((await mesh.zoomTo(player.frame)) ? words.zoomed : words.no_face);
  }
  one("[data-do=zoom]").setAttribute("aria-pressed", String(mesh.zoomed));
}

async function showMesh() {
  if (!player.video) {
    announce(words.needs_video);
    return;
  }
  mesh.shown = !mesh.shown;
  mesh.canvas.hidden = !mesh.shown;
  one("[data-do=mesh]").setAttribute("aria-pressed", String(mesh.shown));
  if (!mesh.shown) {
    announce(words.mesh_off);
    return;
  }
  announce(words.finding);
  const { frame } = player;
  const found = await mesh.draw(frame, () => player.frame === frame && mesh.shown);
  if (mesh.shown) announce(found ? words.mesh_on : words.no_face);
}

function play() {
  if (player.playing) player.pause();
  else player.play();
  moved(player.frame);
}

function saveNote() {
  const text = byId("note").value.trim();
  if (text && burst()) onBurst("note", () => ({ text }));
}

function nextKind() {
  const kinds = [...byId("kind").options].map((option) => option.value);
  change((b) => ({ kind: kinds[(kinds.indexOf(b.kind) + 1) % kinds.length] }));
}

const acts = {
  back: () => player.step(-1),
  forth: () => player.step(1),
  "back-ten": () => player.step(-10),
  "forth-ten": () => player.step(10),
  play,
  loop,
  slower: () => setSpeed(-1),
  faster: () => setSpeed(1),
  zoom,
  mesh: showMesh,
  closer: () => timeline.zoom(0.5),
  wider: () => timeline.zoom(2),
  previous: () => go(-1),
  next: () => go(1),
  confirm: () => judge("confirm"),
  reject: () => judge("reject"),
  "confirm-all": () => judgeAll("confirm"),
  "reject-all": () => judgeAll("reject"),
  side: () => change((b) => ({ side: b.side === "right" ? "left" : "right" })),
  kind: nextKind,
  "region-1": () => toggle(0),
  "region-2": () => toggle(1),
  "region-3": () => toggle(2),
  "region-4": () => toggle(3),
  "onset-": () => trim("start", (first) => first - 1),
  "onset+": () => trim("start", (first) => first + 1),
  onset: () => trim("start", () => player.frame),
  "offset-": () => trim("end", (after) => after - 1),
  "offset+": () => trim("end", (after) => after + 1),
  offset: () => trim("end", () => player.frame + 1),
  add,
  cancel: () => {
    if (mark === null) return;
    forgetMark();
    announce(words.unmarked);
  },
  note: () => byId("note").focus(),
  "save-note": saveNote,
  undo: () => act("undo"),
  finish,
  keys: () => {
    byId("keys").open = !byId("keys").open;
    if (byId("keys").open) one("#keys summary").focus();
  },
};

// --- what calls them ----------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) acts[button.dataset.do]();
});
byId("bursts").addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button) choose(button.dataset.key);
});
for (const input of all("[name=side]")) input.addEventListener("change", () => change(() => ({ side: input.value })));
for (const input of all("[name=region]")) {
  input.addEventListener("change", () => {
    const wanted = all("[name=region]:checked").map((box) => box.value);
    change(() => regions(wanted));
  });
}
byId("kind").addEventListener("change", (event) => {
  const kind = event.target.value;
  change(() => ({ kind }));
});
for (const id of ["order", "only-open", "only-side", "only-kind"]) {
  byId(id).addEventListener("change", () => {
    sessionStorage.setItem("review-order", byId("order").value);
    render();
    if (!inOrder().length) announce(words.none_shown);
  });
}
byId("play-chosen").addEventListener("change", (event) => {
  localStorage.setItem("review-play", event.target.checked ? "" : "no");
});
timeline.grab = (edge, timeS) => {
  const frame = player.at(timeS);
  trim(edge, () => (edge === "start" ? frame : frame + 1));
};
byId("note").addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  saveNote();
  event.target.blur();
});
seek.max = player.count - 1;
seek.addEventListener("input", () => {
  player.pause();
  player.show(Number(seek.value));
});
bindKeys(acts, () => byId("single-keys").checked);

// Another tab has acted, or this one was away: show what the journal says now.
async function renew() {
  try {
    take({ ...(await ask("GET", `${path}?revision=${facts.revision}`)), said: "" });
    render();
  } catch (error) {
    announce(error.status ? error.message : words.lost);
  }
}
const channel = "BroadcastChannel" in window ? new BroadcastChannel(`review-${facts.id}`) : null;
channel?.addEventListener("message", () => {
  queue = queue.then(renew);
});
addEventListener("pagehide", () => trimming.flush(true));
addEventListener("beforeunload", (event) => notes.waits && event.preventDefault());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") trimming.flush();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) queue = queue.then(renew);
});

byId("play-chosen").checked = localStorage.getItem("review-play") !== "no" && !matchMedia("(prefers-reduced-motion: reduce)").matches;
if (sessionStorage.getItem("review-order") === "sure" && !facts.blind) byId("order").value = "sure";
if (!facts.has_signals) announce(words.no_signals);
const first = inOrder().find((b) => b.verdict === "unreviewed") ?? state.bursts[0];
if (first) choose(first.key, { quietly: true });
else render();
moved(player.frame);
fetchVideo(facts, words, path, (video) => player.take(video));
document.documentElement.dataset.ready = "1";
