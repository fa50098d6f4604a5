// Small comforts; every page works without them. Old engines run this, too, so it is written for them.
(function () {
  "use strict";

  // An answer on its way to an application goes on by itself.
  var answer = document.querySelector("form[data-send-now]");
  if (answer) answer.submit();

  // Operators' style sheets may ask for the scheme in use by attribute.
  var root = document.documentElement;
  var dark = window.matchMedia && matchMedia("(prefers-color-scheme: dark)");
  if (dark && !root.hasAttribute("data-theme")) {
    var tell = function () {
      root.setAttribute("data-theme", dark.matches ? "dark" : "light");
    };
    tell();
    if (dark.addEventListener) dark.addEventListener("change", tell);
  }

  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }

  function hide(button, field) {
    field.type = "password";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", button.getAttribute("data-show"));
  }

  each(document.querySelectorAll("[data-reveal]"), function (button) {
    var field = document.getElementById(button.getAttribute("data-reveal"));
    button.hidden = false;
    button.addEventListener("click", function () {
      if (field.type === "text") hide(button, field);
      else {
        field.type = "text";
        button.setAttribute("aria-pressed", "true");
        button.setAttribute("aria-label", button.getAttribute("data-hide"));
      }
      field.focus();
    });
    // Browsers keep only what was sent from a password field.
    field.form.addEventListener("submit", function () {
      hide(button, field);
    });
  });

  // One click, one request; a page from the browser's history may be sent again.
  each(document.forms, function (form) {
    form.addEventListener("submit", function (event) {
      if (form.getAttribute("aria-busy")) event.preventDefault();
      form.setAttribute("aria-busy", "true");
    });
    window.addEventListener("pageshow", function () {
      form.removeAttribute("aria-busy");
    });
  });

  // The list of languages closes like a menu.
  var languages = document.querySelector("details.languages");
  if (languages) {
    document.addEventListener("click", function (event) {
      if (!languages.contains(event.target)) languages.open = false;
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") languages.open = false;
    });
  }
})();
