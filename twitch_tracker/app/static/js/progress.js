// The progress bars of a page of results. A recording that is done takes its place on
// the page without loading the page anew, so that nobody loses their place.
import { Refused, ask, byId, data, fill, wait } from "./page.js";

const words = data("words");
const EVERY_MS = 700;

for (const section of document.querySelectorAll("[data-clip]")) attend(section);
if (byId("card")?.dataset.underWay === "yes") followAll(byId("card"));

/** One bar for all of a session; in its place comes the card when everything is over. */
async function followAll(card) {
  const path = `/api/guided/${card.dataset.session}/progress`;
  while (card.isConnected) {
    await wait(EVERY_MS);
    try {
      const now = await ask("GET", path);
      if (!now.under_way) break;
      byId("whole").value = Math.max(byId("whole").value, now.percent);
      card.querySelector("label").textContent = fill(words.whole, now);
    } catch (error) {
      if (error.status) return;
    }
  }
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("card");
  if (fresh && card.isConnected) card.replaceWith(document.importNode(fresh, true));
  byId("news").textContent = byId("card").querySelector(".headline")?.textContent ?? "";
}

/** Let the buttons of one recording work, and follow its analysis. */
function attend(section) {
  const path = `/api/clips/${section.dataset.clip}`;
  const acts = {
    cancel: () => ask("POST", `${path}/cancel`),
    analyse: () => ask("POST", `${path}/analyse`),
    whom: async () => {
      const face = section.querySelector("[data-faces] input:checked");
      if (!face) throw new Refused(0, words.no_face);
      return ask("POST", `${path}/whom`, { x: Number(face.dataset.x), y: Number(face.dataset.y) });
    },
    remove: async () => (confirm(words.sure) ? ask("DELETE", path) : null),
  };
  for (const button of section.querySelectorAll("[data-act]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const answer = await acts[button.dataset.act]();
        if (answer?.url) location.assign(answer.url);
        else if (answer) await renew(section, true);
        else give(button);
      } catch (error) {
        section.querySelector(".said").textContent = error instanceof Refused ? error.message : words.lost;
        give(button);
      }
    });
  }
  for (const face of section.querySelectorAll(".face")) {
    face.addEventListener("click", () => {
      section.querySelector(`[data-faces] input[value="${face.dataset.face}"]`).click();
    });
  }
  if (section.querySelector(".under-way")) follow(section, path);
}

/** A button that was pressed works again, and has the focus that it lost. */
function give(button) {
  button.disabled = false;
  button.focus();
}

async function follow(section, path) {
  const said = section.querySelector(".said");
  while (section.isConnected) {
    await wait(EVERY_MS);
    try {
      const now = await ask("GET", path);
      said.textContent = "";
      if (!now.under_way) {
        await renew(section);
        return;
      }
      const bar = section.querySelector("progress");
      bar.value = Math.max(bar.value, now.percent);
      section.querySelector("label").textContent = fill(words.percent, now);
    } catch (error) {
      if (error.status) {
        location.reload();
        return;
      }
      said.textContent = words.lost;
    }
  }
}

/** Put what the server says of a recording now in the place of what is shown. */
async function renew(section, pressed = false) {
  if (!section.isConnected) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`[data-clip="${section.dataset.clip}"]`);
  if (!fresh) {
    location.reload();
    return;
  }
  if (!section.isConnected) return; // meanwhile done by the other one who asked
  const focused = pressed || section.contains(document.activeElement);
  if ("open" in section) fresh.open = section.open;
  section.replaceWith(document.importNode(fresh, true));
  const placed = document.querySelector(`[data-clip="${section.dataset.clip}"]`);
  const headline = placed.querySelector(".headline, .caution");
  attend(placed);
  if (focused) {
    const heading = placed.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  }
  byId("news").textContent = headline?.textContent ?? "";
  if (!document.querySelector(".under-way")) byId("under-way-note")?.remove();
}
