// A passphrase can be looked at while it is typed; sending it says that it takes a moment.
const field = document.getElementById("passphrase");
const shown = document.getElementById("shown");
shown.closest("p").hidden = false;
shown.addEventListener("change", () => {
  field.type = shown.checked ? "text" : "password";
  field.focus();
});
document.querySelector("main form").addEventListener("submit", () => {
  field.type = "password";
  document.getElementById("opening").hidden = false;
});
