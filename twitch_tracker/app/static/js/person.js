// Finishing a session that was interrupted: what this browser still keeps of it is
// sent first. Without this script the server finishes with what it has.
import { Outbox, hold } from "./outbox.js";
import { data } from "./page.js";

const words = data("words");

for (const form of document.querySelectorAll("form[data-session]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { session } = form.dataset;
    const said = form.querySelector(".said");
    if (!(await hold(session))) {
      said.textContent = words.elsewhere;
      return;
    }
    said.textContent = words.sending;
    await new Outbox(session, () => {}).flush();
    form.submit();
  });
}
