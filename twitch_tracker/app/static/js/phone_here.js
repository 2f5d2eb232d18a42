// The page that waits for the phone: loaded again when something has changed.
import { ask, byId, data, wait } from "./page.js";

const LOOK_EVERY_MS = 1500;
const facts = data("facts");
const words = data("words");
const films = byId("films");

document.documentElement.dataset.ready = "yes";
for (;;) {
  await wait(LOOK_EVERY_MS);
  if (document.hidden) continue;
  try {
    const now = await ask("GET", "/api/phone");
    if (now.stands !== facts.stands) {
      location.replace(location.pathname);
      break;
    }
    if (films && facts.stands.startsWith("paired") && films.textContent !== now.words) films.textContent = now.words;
  } catch {
    if (films && films.textContent !== words.lost) films.textContent = words.lost;
  }
}
