// Connecting this phone: the code comes with the link, behind the sign that is never
// sent to anybody, and is used only when the person agrees.
import { Refused, ask, byId, data } from "./page.js";

const words = data("words");
const scanned = decodeURIComponent(location.hash.slice(1));
const said = byId("said");

if (scanned) {
  byId("code").value = scanned;
  said.textContent = words.scanned;
  // The code shall not stay in the list of visited pages.
  history.replaceState(null, "", location.pathname);
}

byId("pair").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("connect").disabled = true;
  said.textContent = words.connecting;
  try {
    await ask("POST", "/api/pair", { code: byId("code").value });
    location.replace("/");
  } catch (error) {
    said.textContent = error instanceof Refused ? error.message : words.lost;
    byId("connect").disabled = false;
    byId("code").focus();
  }
});
document.documentElement.dataset.ready = "yes";
