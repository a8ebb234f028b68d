// A click on the map writes a point into the form, a drag a box. The form alone does the same.
"use strict";

const map = document.querySelector("[data-draw]");
const box = map.querySelector("[data-new]");
const said = document.querySelector("[data-drawn]");
const field = (name) => document.querySelector(`[name="${name}"]`);
let from = null;

function degrees(event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  return { longitude: Math.max(-180, Math.min(180, place.x / 2 - 180)), latitude: Math.max(-90, Math.min(90, 90 - place.y / 2)) };
}

function show(one, other) {
  const [west, east] = [one.longitude, other.longitude].sort((a, b) => a - b);
  const [south, north] = [one.latitude, other.latitude].sort((a, b) => a - b);
  const isPoint = east - west < 1 && north - south < 1;
  const corners = isPoint ? { west: one.longitude, south: one.latitude } : { west, east, south, north };
  for (const name of ["west", "east", "south", "north"]) field(name).value = name in corners ? corners[name].toFixed(1) : "";
  const shown = isPoint ? { west: one.longitude - 1, east: one.longitude + 1, south: one.latitude - 1, north: one.latitude + 1 } : corners;
  box.setAttribute("x", (shown.west + 180) * 2);
  box.setAttribute("y", (90 - shown.north) * 2);
  box.setAttribute("width", (shown.east - shown.west) * 2);
  box.setAttribute("height", (shown.north - shown.south) * 2);
  said.textContent = isPoint ? "A point is drawn; put it on the map below." : "A box is drawn; put it on the map below.";
}

map.addEventListener("pointerdown", (event) => {
  from = degrees(event);
  map.setPointerCapture(event.pointerId);
  show(from, from);
});
map.addEventListener("pointermove", (event) => {
  if (from) show(from, degrees(event));
});
for (const over of ["pointerup", "pointercancel"]) map.addEventListener(over, () => { from = null; });
