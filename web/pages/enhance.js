// Small comforts. Every page works without them.

for (const box of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(box.dataset.reveal);
  box.hidden = false;
  box.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    box.setAttribute("aria-pressed", String(!shown));
    box.setAttribute("aria-label", shown ? box.dataset.show : box.dataset.hide);
    field.focus();
  });
}

// One click, one request.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
// A page from the browser's history may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

document.querySelector("form[data-send-now]")?.submit();
