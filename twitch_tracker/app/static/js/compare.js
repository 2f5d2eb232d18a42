// The comparison page: prints, plays both films together, and says when one is missing.
import { byId, data } from "./page.js";

const words = data("words");
const films = [...document.querySelectorAll(".two video")];

const print = byId("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const play = byId("play");
if (play && films.length === 2) {
  play.hidden = false;
  play.addEventListener("click", () => {
    for (const film of films) {
      film.currentTime = 0;
      film.play();
    }
  });
}

for (const film of films) {
  film.addEventListener("error", () => {
    film.parentElement.querySelector(".said").textContent = words.no_film;
  });
}
