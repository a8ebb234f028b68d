// Lets the rows of a list be dragged into order; the buttons beside them do the same without it.
"use strict";

const list = document.querySelector("[data-sortable]");
if (list && window.Sortable) {
  const form = document.getElementById(list.dataset.sortable);
  window.Sortable.create(list, {
    animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    filter: "button, a",
    preventOnFilter: false,
    onEnd: (event) => {
      if (event.oldIndex !== event.newIndex) form.submit();
    },
  });
}
