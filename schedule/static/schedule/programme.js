// The reader's own hours beside the venue's, and a mark on what runs now. The page is complete without it.
(() => {
  const minute = 60000;
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "short" });

  for (const place of document.querySelectorAll("[data-own-hour]")) {
    const stamp = place.dataset.ownHour;
    const instant = new Date(stamp);
    const shown = place.parentElement.querySelector("time").textContent;
    const section = place.closest(".programme-day").querySelector(".programme-date").textContent.trim();
    const own = hour.format(instant);
    const weekday = day.format(instant);
    if (own === shown && section.startsWith(weekday)) continue;
    place.textContent = `${section.startsWith(weekday) ? "" : weekday + " "}${own} for you`;
  }

  const blocks = [...document.querySelectorAll("[data-starts]")].map((element) => ({
    element,
    starts: Date.parse(element.dataset.starts),
    ends: Date.parse(element.dataset.ends),
    live: element.querySelector(".programme-live"),
  }));

  function mark() {
    const now = Date.now();
    const ahead = Math.min(...blocks.filter((block) => block.starts > now).map((block) => block.starts));
    for (const block of blocks) {
      const runs = block.starts <= now && now < block.ends;
      const next = block.starts === ahead && ahead - now < 12 * 60 * minute;
      block.live.textContent = runs ? "Now" : next ? "Next" : "";
      block.live.hidden = !(runs || next);
      block.element.classList.toggle("programme-past", block.ends <= now && now - block.ends < 1440 * minute);
    }
    const list = document.querySelector("[data-programme-now]");
    if (list && blocks.length) refresh(list, blocks, now, ahead);
  }

  // Rewrites the box of now and next from the timeline, so that a page left open stays right.
  function refresh(list, all, now, ahead) {
    const lines = [
      ...all.filter((block) => block.starts <= now && now < block.ends).map((block) => ["Now", block]),
      ...all.filter((block) => block.starts === ahead && ahead - now < 12 * 60 * minute).map((block) => ["Next", block]),
    ];
    if (!lines.length) return;
    list.replaceChildren(...lines.map(([word, block]) => {
      const line = document.createElement("p");
      line.className = "mb-1";
      const strong = document.createElement("strong");
      strong.textContent = word;
      const link = document.createElement("a");
      link.href = `#${block.element.id}`;
      link.textContent = block.element.querySelector(".programme-title").textContent;
      line.append(strong, " ", link);
      return line;
    }));
  }

  mark();
  setInterval(mark, minute / 2);
})();
