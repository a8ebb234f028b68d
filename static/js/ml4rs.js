// Enhancements that every page shares; each page is complete without them.
"use strict";

// The reader's own time beside an announced one.
function fillOwnTimes(root) {
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  for (const place of root.querySelectorAll("[data-own-time]")) {
    const stamp = place.dataset.ownTime;
    if (stamp) place.textContent = `${format.format(new Date(stamp))}, your time`;
  }
}

// What remains until a deadline, kept true while the page is open.
function countDown(place) {
  const seconds = Math.floor((new Date(place.dataset.countdown) - Date.now()) / 1000);
  if (seconds <= 0) {
    place.textContent = "over now";
    return;
  }
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const words = days > 1 ? `${days} days ${hours} h` : days === 1 ? `1 day ${hours} h` : hours ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
  place.textContent = `${words} left`;
}

function watchCountdowns() {
  const places = [...document.querySelectorAll("[data-countdown]")];
  if (!places.length) return;
  const tick = () => places.forEach(countDown);
  tick();
  const soon = places.some((place) => new Date(place.dataset.countdown) - Date.now() < 3600e3);
  setInterval(tick, soon ? 1000 : 30000);
}

// A form is sent once, and only after a question where one is asked.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  if (form.hasAttribute("hx-post")) return;
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

function foldMenuOnPhones() {
  const fold = document.querySelector(".desk-menu-fold");
  if (fold && window.matchMedia("(max-width: 767px)").matches) fold.removeAttribute("open");
}

document.addEventListener("DOMContentLoaded", () => {
  fillOwnTimes(document);
  watchCountdowns();
  foldMenuOnPhones();
});
document.addEventListener("htmx:afterSwap", (event) => fillOwnTimes(event.target));
