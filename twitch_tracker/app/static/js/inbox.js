// What became of each file, looked up again and again while the page is seen.
import { byId, wait } from "./page.js";

const LOOK_EVERY_MS = 3000;
const place = byId("files");

document.documentElement.dataset.ready = "yes";
while (place) {
  await wait(LOOK_EVERY_MS);
  if (document.hidden || place.contains(document.activeElement)) continue;
  try {
    const answer = await fetch(place.dataset.body, { credentials: "same-origin" });
    if (!answer.ok) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.innerHTML.trim() === place.innerHTML.trim()) continue;
    place.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
  } catch {
    // The program is away; the page says so when something is asked of it.
  }
}
