// An export that is being made: how far it is, and the file when it is ready.
import { ask, byId, data, fill, wait } from "./page.js";

const facts = data("facts");
const words = data("words");
const EVERY_MS = 400;

function show(now, { store = false } = {}) {
  byId("making").hidden = now.state !== "making";
  byId("ready").hidden = now.state !== "ready";
  if (now.percent) byId("share").value = now.percent;
  else byId("share").removeAttribute("value"); // moves, and does not say how far
  byId("left").textContent = now.left;
  if (now.state === "ready") {
    byId("said").textContent = store ? words.ready : words.still;
    if (store) location.assign(facts.file);
  } else if (now.state === "cancelled") byId("said").textContent = words.cancelled;
  else if (now.state === "failed") byId("said").textContent = fill(words.failed, { why: now.error });
}

async function follow() {
  let now = facts.now;
  show(now);
  while (now.state === "making") {
    await wait(EVERY_MS);
    try {
      now = await ask("GET", facts.api);
      byId("said").textContent = "";
      show(now, { store: true });
    } catch (error) {
      byId("said").textContent = error.status ? error.message : words.lost;
      if (error.status) return;
    }
  }
}

byId("cancel").addEventListener("click", async () => {
  try {
    show(await ask("POST", `${facts.api}/cancel`));
  } catch (error) {
    byId("said").textContent = error.status ? error.message : words.lost;
  }
});
follow();
