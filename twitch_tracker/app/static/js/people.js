// The list of people: how each one is comes one after the other, after the first paint;
// typing in the search leaves only the names that hold it.
const search = document.getElementById("q");
search?.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase();
  for (const row of document.querySelectorAll(".people > li")) row.hidden = !row.dataset.name.includes(wanted);
});

for (const place of document.querySelectorAll("[data-glance]")) {
  if (!place.dataset.glance) continue;
  try {
    const answer = await fetch(place.dataset.glance, { credentials: "same-origin" });
    if (!answer.ok) continue;
    place.textContent = (await answer.json()).words;
  } catch {
    break; // the program is away
  }
}
