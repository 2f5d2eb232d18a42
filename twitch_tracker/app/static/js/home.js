// The home of a person: what has to be computed comes after the first paint, and the
// last burst plays by itself unless somebody asked for less movement.
const place = document.getElementById("now");

if (place?.dataset.ready === "no") {
  try {
    const answer = await fetch(place.dataset.body, { credentials: "same-origin" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
      place.dataset.ready = "yes";
    }
  } catch {
    // The program is away; the page says so when something is asked of it.
  }
}

// Where there is room, all pages stand in one row.
const rarer = document.querySelector(".ways .rarer");
if (rarer && matchMedia("(min-width: 34.01rem)").matches) {
  rarer.closest("li").replaceWith(...rarer.querySelectorAll("li"));
}

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
for (const video of document.querySelectorAll("video[data-src]")) {
  video.src = video.dataset.src;
  video.preload = "metadata";
  if (!still) video.play().catch(() => {});
}
document.documentElement.dataset.ready = "1";
