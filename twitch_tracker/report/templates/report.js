"use strict";
// Unpacks the chart library, draws the timeline, and moves it. It asks nothing of
// any network; the page's policy would forbid it.
(() => {
  const find = (id) => document.getElementById(id);
  const facts = JSON.parse(find("facts").textContent);
  const { words } = facts;
  const cards = [...document.querySelectorAll("article.card")].map((card) => ({
    card,
    number: Number(card.id.slice("burst-".length)),
    start: 1000 * Number(card.dataset.start),
    end: 1000 * Number(card.dataset.end),
    title: card.querySelector("h3").textContent.replace(/^[\s▲▼]+/, "").trim(),
    when: card.querySelector(".when").textContent,
  }));
  let chosen = -1;
  let range = null;
  let lanes = [];
  let laneViews = [];
  let chart = null;
  const sources = {};

  async function unpack(id) {
    const raw = atob(find(id).textContent.trim());
    const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  function run(text) {
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
  }

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const onPaper = { ink: "#000000", quiet: "#333333", grey: "#777777", ground: "#ffffff" };
  const onScreen = () => ({
    ink: colour("--ink"),
    quiet: colour("--quiet"),
    grey: colour("--grey"),
    ground: colour("--ground"),
  });

  function paint({ ink, quiet, grey, ground }) {
    for (const lane of lanes) {
      lane.title.text_color = ink;
      for (const axis of [...lane.below, ...lane.left]) {
        axis.major_label_text_color = quiet;
        axis.major_tick_line_color = grey;
      }
      for (const part of lane.center) {
        if (part.type === "Label") {
          part.setv({ text_color: ink, background_fill_color: ground });
        }
        if (part.type === "Grid") part.grid_line_color = grey;
        if (["selected", "cursor"].includes(part.name)) part.line_color = ink;
      }
    }
  }

  // Let a finger scroll the page up and down; only sideways moves the timeline.
  function freeTouch(view) {
    for (const child of view.child_views ?? []) {
      const events = child.canvas_view?.events_el ?? child.canvas?.events_el;
      events?.style.setProperty("touch-action", "pan-y pinch-zoom", "important");
    }
  }

  // The shown stretch in seconds, for whoever reads the page by program.
  function note() {
    const { dataset } = find("timeline-figure");
    dataset.from = (range.start / 1000).toFixed(3);
    dataset.to = (range.end / 1000).toFixed(3);
  }

  function move(start, end) {
    const [low, high] = range.bounds;
    const width = Math.min(Math.max(end - start, range.min_interval), high - low);
    const middle = (start + end) / 2;
    const from = Math.min(Math.max(middle - width / 2, low), high - width);
    range.setv({ start: from, end: from + width });
  }

  function show(index) {
    if (index < 0 || index >= cards.length || !range) return;
    chosen = index;
    const burst = cards[index];
    const around = Math.max(2500, burst.end - burst.start);
    move(burst.start - around, burst.end + around);
    for (const lane of lanes) {
      for (const part of lane.center) {
        if (part.name === "selected") {
          part.setv({ left: burst.start, right: burst.end, visible: true });
        }
      }
    }
    const status = find("timeline-status");
    const link = document.createElement("a");
    link.href = "#" + burst.card.id;
    link.textContent = burst.title;
    status.replaceChildren(words.shown + " ", link, ", " + burst.when);
  }

  const clock = (ms) => {
    const whole = Math.round(ms / 10) / 100;
    const minutes = Math.floor(whole / 60);
    return `${minutes}:${(whole - 60 * minutes).toFixed(2).padStart(5, "0")}`;
  };

  const spanAt = (spans, ms) => spans.find(([start, end]) => start <= ms && ms < end);

  function sampleAt(xs, ms) {
    let low = 0;
    let high = xs.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (xs[middle] < ms) low = middle + 1;
      else high = middle;
    }
    return low > 0 && ms - xs[low - 1] < xs[low] - ms ? low - 1 : low;
  }

  function valuesAt(source, ms) {
    const xs = source.data.x;
    if (!xs.length) return words.unmeasured;
    const place = sampleAt(xs, ms);
    const [right, left] = [source.data.right[place], source.data.left[place]];
    const text = (value) => (Number.isFinite(value) ? value.toFixed(1) : null);
    if (text(right) === null && text(left) === null) return words.unmeasured;
    const said = (value) => text(value) ?? words.unmeasured;
    return `${words.right} ${said(right)}, ${words.left} ${said(left)} ${words.unit}`;
  }

  // Everything known about one moment, as text nodes.
  function read(ms) {
    const parts = [];
    const add = (tag, text) => {
      const part = document.createElement(tag);
      part.textContent = text;
      const wrap = document.createElement("span");
      wrap.append(part);
      parts.push(wrap);
      return wrap;
    };
    add("strong", clock(ms));
    for (const burst of cards) {
      if (burst.start <= ms && ms < burst.end) {
        const link = document.createElement("a");
        link.href = "#" + burst.card.id;
        link.textContent = burst.title;
        add("b", "").append(link);
      }
    }
    const blink = spanAt(facts.blinks, ms);
    if (blink) add("b", blink[2]);
    const gap = spanAt(facts.gaps, ms);
    if (gap) add("b", `${words.unmeasured}: ${gap[2]}`);
    const near = 0.01 * (range.end - range.start);
    for (const [time, text] of facts.events) {
      if (Math.abs(time - ms) < near) add("b", text);
    }
    for (const [id, name] of gap ? [] : facts.regions) {
      add("i", `${name}: ${valuesAt(sources[id], ms)}`);
    }
    find("readout").className = "live used";
    find("readout").replaceChildren(...parts.flatMap((part) => [part, " "]));
  }

  function point(lane, event) {
    const box = lane.el.getBoundingClientRect();
    const ms = lane.frame.x_scale.invert(event.clientX - box.left);
    if (!(ms >= range.start && ms <= range.end)) return;
    for (const { model } of laneViews) {
      for (const part of model.center) {
        if (part.name === "cursor") part.setv({ location: ms, visible: true });
      }
    }
    read(ms);
  }

  function listen(view) {
    laneViews = view.child_views;
    for (const lane of laneViews) {
      for (const kind of ["pointermove", "click"]) {
        lane.el.addEventListener(kind, (event) => point(lane, event));
      }
    }
    for (const [id] of facts.regions) {
      sources[id] = view.model.document.get_model_by_name("movement-" + id);
    }
    const readout = find("readout");
    readout.textContent = words.hint;
    readout.hidden = false;
  }

  function nearest(step) {
    if (chosen >= 0) return Math.min(Math.max(chosen + step, 0), cards.length - 1);
    return step > 0 ? 0 : cards.length - 1;
  }

  const acts = {
    in: () => zoom(0.5),
    out: () => zoom(2),
    earlier: () => shift(-0.5),
    later: () => shift(0.5),
    all: () => move(...range.bounds),
    previous: () => show(nearest(-1)),
    next: () => show(nearest(1)),
  };

  function zoom(factor) {
    const middle = (range.start + range.end) / 2;
    const half = (factor * (range.end - range.start)) / 2;
    move(middle - half, middle + half);
  }

  function shift(share) {
    const by = share * (range.end - range.start);
    move(range.start + by, range.end + by);
  }

  function wire() {
    for (const button of document.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => acts[button.dataset.act]());
    }
    document.querySelector(".tools").hidden = false;
    for (const button of document.querySelectorAll("button.show")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        show(Number(button.dataset.burst) - 1);
        find("h-timeline").scrollIntoView({ block: "start" });
      });
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(onScreen()));
  }

  // Paper gets the timeline as a picture in black on white, and nothing folded away.
  function prepareForPrint() {
    let closed = [];
    const picture = document.createElement("img");
    picture.id = "timeline-print";
    picture.alt = find("h-timeline").textContent;
    addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("details:not([open])")];
      for (const part of closed) part.open = true;
      if (!chart || !find("timeline").offsetHeight) return;
      paint(onPaper);
      picture.src = chart.export("png").canvas.toDataURL();
      find("timeline").before(picture);
    });
    addEventListener("afterprint", () => {
      for (const part of closed) part.open = false;
      picture.remove();
      if (chart) paint(onScreen());
    });
  }

  async function start() {
    run(await unpack("chart-library"));
    Bokeh.set_log_level("error");
    const item = JSON.parse(await unpack("chart-data"));
    const [view] = await Bokeh.embed.embed_item(item);
    chart = view;
    lanes = view.model.children;
    range = lanes[0].x_range;
    paint(onScreen());
    freeTouch(view);
    listen(view);
    range.properties.start.change.connect(note);
    range.properties.end.change.connect(note);
    note();
    wire();
    find("timeline-none").hidden = true;
    document.documentElement.dataset.ready = "yes";
  }

  prepareForPrint();
  start().catch((error) => {
    find("timeline-none").textContent = words.failed;
    console.error(error);
  });
})();
