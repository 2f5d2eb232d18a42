// The list of bursts of a review, a button for each; what has the focus keeps it.

export function listBursts(list, bursts, chosen) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(
    ...bursts.map((b) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.key = b.key;
      button.className = `burst ${b.side} ${b.verdict}`;
      if (b.key === chosen) button.setAttribute("aria-current", "true");
      const verdict = document.createElement("small");
      verdict.textContent = b.verdict_words;
      const name = document.createElement("span");
      name.textContent = b.name;
      button.append(name, " ", verdict);
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  const now = list.querySelector("[aria-current]");
  if (now) list.scrollTop = now.offsetTop - list.offsetTop - list.clientHeight / 2;
  if (held) list.querySelector(`[data-key="${held}"]`)?.focus({ preventScroll: true });
}
