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
    if (form.ariaBusy === "true") return; // pressed twice
    if (!(await hold(session))) {
      said.textContent = words.elsewhere;
      return;
    }
    form.ariaBusy = "true";
    const announce = (text) => {
      if (said.textContent !== text) said.textContent = text;
    };
    announce(words.sending);
    const outbox = new Outbox(session, ({ offline, why }) => announce(offline ? why || words.lost : words.sending));
    try {
      await outbox.flush();
      form.submit();
    } catch {
      form.ariaBusy = "false";
      announce(words.lost);
    }
  });
}
