// Seconds of video that this browser still keeps of somebody who was forgotten.
//
// What could not be sent yet lies in the browser. The server says which sessions were
// forgotten; theirs go, and no others: a session that the server merely does not know may
// be that of another folder.
import { drop } from "./outbox.js";
import { ask } from "./page.js";

try {
  const { sessions } = await ask("GET", "/api/forgotten");
  if (sessions.length) await drop(new Set(sessions));
} catch {
  // The server is away, or the browser keeps nothing: the next opening asks again.
}
document.documentElement.dataset.forgotten = "asked";
