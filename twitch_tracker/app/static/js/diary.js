// Sliders for the diary's questions from 0 to 10. Without this script plain number
// fields stay. The convention that bites: an untouched question stays unanswered, so
// a slider that nobody moved sends nothing.
import { data } from "./page.js";

const words = data("words");

for (const box of document.querySelectorAll(".slider")) {
  const number = box.querySelector('input[type="number"]');
  const range = box.querySelector('input[type="range"]');
  const shown = box.querySelector("output");
  const clear = box.querySelector(".clear");
  const show = () => {
    const open = number.value === "";
    box.classList.toggle("open", open);
    shown.textContent = open ? words.open : number.value;
    range.setAttribute("aria-valuetext", shown.textContent);
    clear.hidden = open;
  };
  const answer = () => {
    number.value = range.value;
    show();
  };
  range.id = number.id;
  // What does not fit is said beside the field, and the page begins there.
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (number.hasAttribute(name)) range.setAttribute(name, number.getAttribute(name));
  }
  const first = number.autofocus;
  number.removeAttribute("id");
  number.type = "hidden";
  for (const element of [range, shown]) element.hidden = false;
  if (first) range.focus();
  range.addEventListener("input", answer);
  range.addEventListener("pointerup", answer);
  range.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      answer();
    }
  });
  clear.addEventListener("click", () => {
    number.value = "";
    show();
    range.focus();
  });
  show();
}

// Medicines taken before: a press adds one to the field.
const medication = document.getElementById("medication");
for (const chip of document.querySelectorAll("[data-medicine]")) {
  chip.addEventListener("click", () => {
    const taken = medication.value.split(/[,;\uff0c\uff1b\u3001]/).map((name) => name.trim()).filter(Boolean);
    if (!taken.includes(chip.dataset.medicine)) taken.push(chip.dataset.medicine);
    medication.value = taken.join(", ");
    medication.focus();
  });
}
