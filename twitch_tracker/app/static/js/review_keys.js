// Keys of the review. Single keys can be switched off (WCAG 2.1.4), and never work
// while somebody writes.

const KEYS = {
  " ": "play",
  j: "next",
  k: "previous",
  c: "confirm",
  x: "reject",
  s: "side",
  t: "kind",
  1: "region-1",
  2: "region-2",
  3: "region-3",
  4: "region-4",
  q: "onset-",
  w: "onset+",
  o: "offset-",
  p: "offset+",
  "[": "onset",
  "]": "offset",
  a: "add",
  n: "note",
  u: "undo",
  f: "finish",
  l: "loop",
  z: "zoom",
  m: "mesh",
  "+": "faster",
  "-": "slower",
  ".": "closer",
  ",": "wider",
  "?": "keys",
};

const WRITES = "textarea, select, input:not([type=checkbox], [type=radio], [type=range])";
const MOVES = "input[type=radio], input[type=range], select, textarea";

export function bindKeys(acts, singleKeys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    if (event.key === "Escape") {
      acts.cancel();
      return;
    }
    if (target.matches(WRITES)) return;
    let name = null;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      // A slider and a group of choices have arrows of their own.
      if (target.matches(MOVES)) return;
      name = (event.key === "ArrowLeft" ? "back" : "forth") + (event.shiftKey ? "-ten" : "");
    } else if (singleKeys()) {
      if (event.key === " " && target.matches("button, input, summary, a")) return;
      name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : ""] ?? null;
      if (event.repeat && !"qwop".includes(event.key)) return;
    }
    if (!name) return;
    event.preventDefault();
    acts[name]();
  });
}
