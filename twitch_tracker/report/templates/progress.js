"use strict";
// Reads a chart aloud, so to speak: points at a day in every chart at once and says
// below what the chart under the pointer shows there. The charts need no script.
(() => {
  const reading = document.getElementById("reading");
  if (!reading) return;
  const figures = [...document.querySelectorAll("figure.chart")];
  const tables = new Map();

  // The rows of a chart's own table: what is said is what is written there.
  function rowsOf(figure) {
    if (!tables.has(figure)) {
      const rows = [...figure.querySelectorAll("tbody tr")].map((row) =>
        [...row.cells].map((cell) => cell.textContent),
      );
      const lines = [...figure.querySelectorAll("svg.plot > g")];
      const marks = lines.flatMap((line) =>
        [...line.querySelectorAll(".mark")].map((mark) => parseFloat(mark.getAttribute("x"))),
      );
      marks.sort((a, b) => a - b);
      tables.set(figure, { rows, marks });
    }
    return tables.get(figure);
  }

  function nearest(marks, x) {
    return marks.reduce((best, at) => (Math.abs(at - x) < Math.abs(best - x) ? at : best), Infinity);
  }

  function point(figure, plot, event) {
    const box = plot.getBoundingClientRect();
    const wanted = (100 * (event.clientX - box.left)) / box.width;
    if (wanted < -2 || wanted > 102) return;
    const { rows, marks } = rowsOf(figure);
    const x = nearest(marks, wanted);
    for (const line of document.querySelectorAll(".cursor")) {
      line.setAttribute("x1", x + "%");
      line.setAttribute("x2", x + "%");
      line.removeAttribute("hidden");
    }
    const parts = [figure.querySelector("h4").textContent];
    marks.forEach((at, place) => {
      if (at !== x) return;
      const [when, side, value, interval] = rows[place];
      if (parts.length === 1) parts.push(when);
      parts.push(`${side} ${value} (${interval})`);
    });
    reading.replaceChildren(
      ...parts.flatMap((text) => {
        const part = document.createElement("span");
        part.textContent = text;
        return [part, " "];
      }),
    );
    reading.hidden = false;
  }

  for (const figure of figures) {
    const plot = figure.querySelector("svg.plot");
    for (const kind of ["pointermove", "click"]) {
      plot.addEventListener(kind, (event) => point(figure, plot, event));
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") reading.hidden = true;
  });
})();
