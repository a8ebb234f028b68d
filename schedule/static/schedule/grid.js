// The time grid: sessions are dragged, or moved by the arrow keys, in steps of five minutes.
"use strict";

const STEP = 5;
const PIXELS = 2; // a minute
const QUIET = 600; // milliseconds without a key before a move is saved
const days = [...document.querySelectorAll("[data-day]")];
const shift = document.querySelector("[data-shift]");
const pad = (number) => String(number).padStart(2, "0");
const hour = (minutes) => `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
const snapped = (minutes) => Math.round(minutes / STEP) * STEP;
const columns = () => [...document.querySelectorAll("[data-room]")];
const dayOf = (column) => column.closest("[data-day]");

function placeOf(cell) {
  const column = cell.closest("[data-room]");
  return {
    column,
    starts: cell.dataset.starts === "" ? null : Number(cell.dataset.starts),
    ends: cell.dataset.ends === "" ? null : Number(cell.dataset.ends),
  };
}

function put(cell, place) {
  if (cell.parentElement !== place.column) place.column.append(cell);
  cell.dataset.starts = place.starts;
  cell.dataset.ends = place.ends;
  stretch(dayOf(place.column), place.starts, place.ends);
}

function stretch(day, starts, ends) {
  day.dataset.first = Math.min(Number(day.dataset.first), Math.floor(starts / 60) * 60);
  day.dataset.last = Math.max(Number(day.dataset.last), Math.ceil(ends / 60) * 60);
  const hours = day.querySelector(".grid-hours");
  hours.replaceChildren();
  for (let minute = Number(day.dataset.first); minute < Number(day.dataset.last); minute += 60) {
    const line = document.createElement("li");
    line.textContent = hour(minute);
    hours.append(line);
  }
}

// Sessions that overlap in one column stand side by side.
function lay(column) {
  const [first, last] = [Number(dayOf(column).dataset.first), Number(dayOf(column).dataset.last)];
  column.style.height = `${(last - first) * PIXELS}px`;
  const cells = [...column.children].sort((one, other) => one.dataset.starts - other.dataset.starts);
  const lanes = [];
  for (const cell of cells) {
    const { starts, ends } = placeOf(cell);
    let lane = lanes.findIndex((until) => until <= starts);
    if (lane < 0) lane = lanes.length;
    lanes[lane] = ends;
    cell.dataset.lane = lane;
  }
  for (const cell of cells) {
    const { starts, ends } = placeOf(cell);
    cell.style.top = `${(starts - first) * PIXELS}px`;
    cell.style.height = `${(ends - starts) * PIXELS - 2}px`;
    cell.style.left = `${(cell.dataset.lane / lanes.length) * 100}%`;
    cell.style.width = `${100 / lanes.length}%`;
    cell.classList.toggle("is-short", ends - starts < 15);
    const hours = cell.querySelector("[data-hours]");
    if (hours) hours.textContent = `${hour(starts)} to ${hour(ends)}`;
  }
}

const layAll = () => columns().forEach(lay);

function save(cell, before) {
  const { column, starts, ends } = placeOf(cell);
  const fields = { day: dayOf(column).dataset.day, starts, ends, room: column.dataset.room };
  if (shift.checked) fields.shift = "on";
  return Moves.save(cell.dataset.url, fields).then((answer) => {
    if (answer) answer.cells.forEach(follow);
    else put(cell, before);
    layAll();
  });
}

// Where the server says that a session is now.
function follow({ id, day, room, starts, ends }) {
  const cell = document.querySelector(`[data-cell="${id}"]`);
  const column = document.querySelector(`[data-day="${day}"] [data-room="${room}"]`);
  if (cell && column) put(cell, { column, starts, ends });
}

// By pointer.
document.addEventListener("pointerdown", (event) => {
  const cell = event.target.closest(".grid-cell");
  const grips = event.pointerType === "mouse" || event.target.closest("[data-hours], [data-end]"); // a finger scrolls
  if (!cell || event.button || !grips) return;
  const resizes = Boolean(event.target.closest("[data-end]"));
  const before = placeOf(cell);
  const grip = event.clientY - cell.getBoundingClientRect().top;
  const from = { x: event.clientX, y: event.clientY };
  let there = null;

  const move = (moved) => {
    if (!there && Math.hypot(moved.clientX - from.x, moved.clientY - from.y) < 5) return;
    moved.preventDefault();
    cell.classList.add("is-moving");
    there = resizes ? resized(cell, before, moved) : target(before, moved, grip) || there;
    if (there) {
      put(cell, there);
      layAll();
    }
  };
  const end = (ended) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    cell.classList.remove("is-moving");
    if (!there) return;
    document.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    setTimeout(() => cell.querySelector("a").focus({ preventScroll: true }));
    if (ended.type === "pointercancel") {
      if (before.column) put(cell, before);
      layAll();
    } else save(cell, before);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
});

function target(before, at, grip) {
  const column = columns().find((each) => {
    const box = each.getBoundingClientRect();
    return at.clientX >= box.left && at.clientX < box.right && at.clientY >= box.top - 20 && at.clientY < box.bottom + 20;
  });
  if (!column) return null;
  const length = before.ends === null ? 60 : before.ends - before.starts;
  const top = column.getBoundingClientRect().top;
  const held = before.ends === null ? 0 : grip;
  const starts = Math.max(0, snapped(Number(dayOf(column).dataset.first) + (at.clientY - held - top) / PIXELS));
  return { column, starts, ends: starts + length };
}

function resized(cell, before, at) {
  const top = before.column.getBoundingClientRect().top;
  const ends = snapped(Number(dayOf(before.column).dataset.first) + (at.clientY - top) / PIXELS);
  return { ...before, ends: Math.max(before.starts + STEP, ends) };
}

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".grid-cell")) event.preventDefault(); // a link is not dragged out of the page
});

// By keyboard.
let waiting = null;

function settle() {
  if (!waiting) return;
  const { cell, before, timer } = waiting;
  clearTimeout(timer);
  waiting = null;
  save(cell, before);
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".grid-cell");
  const key = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!cell || !key || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = placeOf(cell);
  if (now.starts === null) return;
  event.preventDefault();
  const there = { ...now };
  if (event.key.endsWith("Up") || event.key.endsWith("Down")) {
    there.ends += key * STEP;
    if (!event.shiftKey) there.starts += key * STEP;
  } else {
    const beside = [...dayOf(now.column).querySelectorAll("[data-room]")];
    there.column = beside[beside.indexOf(now.column) + key] || nextDay(now.column, key) || now.column;
  }
  if (there.starts < 0 || there.ends <= there.starts) return;
  if (waiting && waiting.cell !== cell) settle();
  if (waiting) clearTimeout(waiting.timer);
  waiting = { cell, before: waiting?.before || now, timer: setTimeout(settle, QUIET) };
  put(cell, there);
  layAll();
  cell.querySelector("a").focus();
  document.querySelector("[data-said]").textContent = `${hour(there.starts)} to ${hour(there.ends)}, ${there.column.dataset.name}`;
});
document.addEventListener("focusout", (event) => {
  if (waiting && !waiting.cell.contains(event.relatedTarget) && event.relatedTarget) settle();
});
window.addEventListener("pagehide", settle);

function nextDay(column, way) {
  const day = days[days.indexOf(dayOf(column)) + way];
  const rooms = day ? [...day.querySelectorAll("[data-room]")] : [];
  return way > 0 ? rooms[0] : rooms.at(-1);
}

document.body.classList.add("has-grid");
days.forEach((day) => stretch(day, Number(day.dataset.first), Number(day.dataset.last)));
layAll();
