// The course over time: fetches what takes long to compute after the first paint, and
// reads a chart mark by mark with pointer or keyboard. What is said is what the chart's
// own table says; without this script charts and tables are there all the same.
import { byId, data, fill } from "./page.js";

const words = data("words");
const course = byId("course");
const form = byId("choice");
const state = byId("state");
const reading = byId("reading");
let asking = null;
let pinned = false;

// --- the chosen part of the course --------------------------------------------------

function query() {
  const query = new URLSearchParams();
  const boxes = [...form.querySelectorAll("input[name=measure]")];
  const every = boxes.every((box) => box.checked);
  for (const [name, value] of new FormData(form)) {
    if (value && !(every && name === "measure")) query.append(name, value);
  }
  return query.toString();
}

async function show(asked) {
  asking?.abort();
  asking = new AbortController();
  state.classList.remove("for-ears");
  state.textContent = words.computing;
  course.setAttribute("aria-busy", "true");
  hide();
  try {
    const answer = await fetch(`${course.dataset.body}?${asked}`, {
      credentials: "same-origin",
      signal: asking.signal,
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) {
      course.replaceChildren(...page.body.childNodes);
      course.dataset.ready = "yes";
      bind();
      // Who sees the page sees that the course has come.
      state.classList.add("for-ears");
      state.textContent = words.shown;
    } else {
      state.textContent = page.querySelector(".headline")?.textContent ?? words.lost;
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    state.textContent = words.lost;
  }
  course.removeAttribute("aria-busy");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = query();
  history.replaceState(null, "", `?${asked}`);
  show(asked);
});

const allTime = byId("all-time");
allTime.hidden = false;
allTime.addEventListener("click", () => {
  byId("first").value = "";
  byId("last").value = "";
  for (const box of form.querySelectorAll("input[name=measure]")) box.checked = true;
  form.requestSubmit();
});

const print = byId("print");
print.hidden = false;
print.addEventListener("click", () => window.print());

// --- reading a chart ------------------------------------------------------------------

/** The marks of a chart by place: x in per cent, and the table's rows of that place. */
function placesOf(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const marks = [...figure.querySelectorAll("svg.plot .mark")];
  marks.sort((a, b) => parseFloat(a.getAttribute("x")) - parseFloat(b.getAttribute("x")));
  const places = [];
  marks.forEach((mark, number) => {
    const x = parseFloat(mark.getAttribute("x"));
    const last = places.at(-1);
    if (last && last.x === x) last.rows.push(rows[number]);
    else places.push({ x, rows: [rows[number]] });
  });
  return places;
}

function sentence(row) {
  const [, side, value, interval] = [...row.cells].map((cell) => cell.textContent);
  const known = interval.trim() !== "-";
  return fill(known ? words.reading : words.plain, { side, value, interval });
}

function hide() {
  reading.hidden = true;
  pinned = false;
  document.documentElement.classList.remove("is-reading");
}

/** What has the focus must not lie under the panel, however high that has become. */
function makeRoom() {
  document.documentElement.style.setProperty("--reading", `${reading.offsetHeight}px`);
}

addEventListener("resize", makeRoom);

function describe(figure, place) {
  const parts = [
    figure.querySelector("h4").textContent,
    place.rows[0].cells[0].textContent,
    ...place.rows.map(sentence),
  ];
  const link = document.createElement("a");
  link.href = place.rows[0].querySelector("a").href;
  link.textContent = words.behind;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.close;
  close.addEventListener("click", hide);
  const spans = parts.flatMap((text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return [span, " "];
  });
  reading.replaceChildren(...spans, link, " ", close);
  reading.hidden = false;
  document.documentElement.classList.add("is-reading");
  makeRoom();
  for (const line of course.querySelectorAll(".cursor")) {
    line.setAttribute("x1", `${place.x}%`);
    line.setAttribute("x2", `${place.x}%`);
    line.removeAttribute("hidden");
  }
}

/** Lay a slider over a chart: it steps through the marks and follows the pointer. */
function walk(figure) {
  const plot = figure.querySelector("svg.plot");
  const places = placesOf(figure);
  if (!places.length) return;
  const frame = document.createElement("div");
  frame.className = "plot-frame";
  plot.replaceWith(frame);
  const walker = document.createElement("div");
  walker.className = "walker";
  walker.tabIndex = 0;
  walker.setAttribute("role", "slider");
  walker.setAttribute(
    "aria-label",
    fill(words.walker, { chart: figure.querySelector("h4").textContent }),
  );
  walker.setAttribute("aria-valuemin", "1");
  walker.setAttribute("aria-valuemax", String(places.length));
  frame.append(plot, walker);
  let at = places.length - 1;
  const value = (text) => {
    walker.setAttribute("aria-valuenow", String(at + 1));
    walker.setAttribute("aria-valuetext", text);
  };
  value(words.nothing);

  const go = (number) => {
    at = Math.min(Math.max(number, 0), places.length - 1);
    const place = places[at];
    value([place.rows[0].cells[0].textContent, ...place.rows.map(sentence)].join(", "));
    describe(figure, place);
  };
  const nearest = (event) => {
    const box = walker.getBoundingClientRect();
    const wanted = (100 * (event.clientX - box.left)) / box.width;
    let best = 0;
    places.forEach((place, number) => {
      if (Math.abs(place.x - wanted) < Math.abs(places[best].x - wanted)) best = number;
    });
    return best;
  };
  walker.addEventListener("pointermove", (event) => {
    if (!pinned) go(nearest(event));
  });
  walker.addEventListener("click", (event) => {
    go(nearest(event));
    pinned = true;
  });
  let begun = false;
  walker.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    const ends = { Home: 0, End: places.length - 1 };
    if (event.key === "Enter" && begun) {
      window.location.href = places[at].rows[0].querySelector("a").href;
      return;
    }
    if (event.key in steps) go(begun ? at + steps[event.key] : at);
    else if (event.key in ends) go(ends[event.key]);
    else return;
    begun = true;
    pinned = true;
    event.preventDefault();
  });
}

function bind() {
  for (const figure of course.querySelectorAll("figure.chart")) walk(figure);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});

if (course.dataset.ready === "yes") bind();
else show(window.location.search.slice(1));

// Paper cannot be unfolded.
addEventListener("beforeprint", () => {
  for (const fold of course.querySelectorAll("details")) fold.open = true;
});
