// Exports of many recordings are made in the background, with a page that says how far
// they are. Without this script the form waits for the file.
import { ask, byId, data } from "./page.js";

const facts = data("facts");
const form = byId("export");

form.addEventListener("submit", async (event) => {
  const what = event.submitter?.value;
  if (!facts.many || !what) return;
  event.preventDefault();
  const fields = new FormData(form);
  try {
    const order = { what, basis: fields.get("basis") ?? "", notes: fields.get("notes") === "yes" };
    const { url } = await ask("POST", facts.api, order);
    location.assign(url);
  } catch (error) {
    byId("said").textContent = error.status ? error.message : data("words").lost;
  }
});
