// What happens to a review's saving when the connection or the session is gone. Without this the buttons save.
"use strict";

(function () {
  const form = document.getElementById("review");
  if (!form) return;
  const state = document.getElementById("save-state");
  let unsaved = false;

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });

  // Signing in again in another tab changes the token; the cookie has the one that counts.
  form.addEventListener("htmx:configRequest", (event) => {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
    if (!cookie) return;
    const token = cookie.slice("csrftoken=".length);
    form.elements.csrfmiddlewaretoken.value = token;
    event.detail.headers["X-CSRFToken"] = token;
    event.detail.parameters.csrfmiddlewaretoken = token;
  });
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) unsaved = false; });
  form.addEventListener("htmx:sendError", () => { state.textContent = "Not saved: no connection. Your text is still here; it is saved when you go on typing."; });
  form.addEventListener("htmx:responseError", () => { state.textContent = "Not saved. Your text is still here: copy it, then reload this page."; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
