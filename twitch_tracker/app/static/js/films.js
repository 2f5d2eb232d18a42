// Bursts that are played by a press: one video a recording, filled when it is asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-film]");
  if (!button) return;
  const films = button.closest("[data-films]");
  const video = films.querySelector("video");
  for (const other of films.querySelectorAll("[data-film]")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  video.hidden = false;
  video.src = button.dataset.film;
  video.setAttribute("aria-label", button.textContent.trim());
  video.play().catch(() => {});
});
