// Talks, posters and papers go from list to list, dragged or by the arrow keys.
"use strict";

const lists = [...document.querySelectorAll("[data-list]")];

function count() {
  for (const list of lists) list.closest("section").querySelector("[data-count]").textContent = list.children.length;
}

function restore(item, { list, next }) {
  list.insertBefore(item, next);
  count();
}

// What was moved has another identity afterwards (a placed paper becomes an item), so the page is read again.
async function save(item, before) {
  const list = item.parentElement;
  const fields = { session: list.dataset.list, index: [...list.children].indexOf(item) };
  if (item.dataset.item) fields.item = item.dataset.item;
  else fields.paper = item.dataset.paper;
  if (!list.dataset.list && !item.dataset.item) return; // papers without a place have no order
  if (!list.dataset.list && !item.dataset.paper) {
    if (!window.confirm("This talk is no paper. Taken out, it is gone from the draft, unless you undo it. Take it out?")) {
      restore(item, before);
      return;
    }
  }
  count();
  const answer = await Moves.save(Moves.url, fields);
  if (!answer) restore(item, before);
  else if (list.dataset.list !== before.list.dataset.list && (!list.dataset.list || !before.list.dataset.list)) renew(list, item);
}

// Reads the lists again and keeps the focus where it was.
async function renew(list, item) {
  const place = [...list.children].indexOf(item);
  const hadFocus = document.activeElement === item;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  for (const each of lists) {
    const fresh = page.querySelector(`[data-list="${each.dataset.list}"]`);
    if (fresh) each.replaceChildren(...fresh.children);
  }
  count();
  if (hadFocus) list.children[Math.min(place, list.children.length - 1)]?.focus();
}

if (window.Sortable) {
  for (const list of lists) {
    window.Sortable.create(list, {
      group: "items",
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      onStart: (event) => {
        event.item.from = { list, next: event.item.nextElementSibling };
      },
      onEnd: (event) => {
        if (event.from !== event.to || event.oldIndex !== event.newIndex) save(event.item, event.item.from);
      },
    });
  }
}

document.addEventListener("keydown", (event) => {
  const item = event.target;
  const list = item.parentElement;
  if (!item.matches?.("[data-list] > li") || event.ctrlKey || event.altKey || event.metaKey) return;
  const before = { list, next: item.nextElementSibling };
  if (event.key === "ArrowUp" && item.previousElementSibling) list.insertBefore(item, item.previousElementSibling);
  else if (event.key === "ArrowDown" && item.nextElementSibling) list.insertBefore(item.nextElementSibling, item);
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const other = lists[lists.indexOf(list) + (event.key === "ArrowRight" ? 1 : -1)];
    if (!other) return;
    other.append(item);
  } else return;
  event.preventDefault();
  item.focus();
  save(item, before);
});
