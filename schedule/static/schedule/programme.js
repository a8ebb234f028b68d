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

  // Stars live in this browser, without an account; whoever is signed in has them in the account as well.
  const bar = document.querySelector("[data-stars]");
  const only = document.getElementById("only-stars");
  const store = `stars:${bar.dataset.stars}`;
  const starred = new Set(stored());
  let calendar = null; // the account's own, at a secret address

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(store)) || [];
    } catch {
      return []; // the browser keeps nothing, or something else wrote there
    }
  }

  function keep() {
    try {
      localStorage.setItem(store, JSON.stringify([...starred]));
    } catch {
      // kept until the page is closed
    }
  }

  function toggle(id) {
    const isOff = starred.delete(id);
    if (!isOff) starred.add(id);
    keep();
    showStars();
    if (bar.dataset.account) inAccount(isOff ? { remove: [id] } : { add: [id] });
  }

  // What the account has after this change; without a network the browser's own stars stay as they are.
  async function inAccount(change) {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    try {
      const answer = await fetch(bar.dataset.account, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(change),
      });
      if (!answer.ok) return;
      const account = await answer.json();
      calendar = account.calendar;
      starred.clear();
      account.items.forEach((id) => starred.add(id));
      keep();
      showStars();
    } catch {
      // the next change, or the next visit, brings them together
    }
  }

  function showStars() {
    for (const marked of document.querySelectorAll(".has-star")) marked.classList.remove("has-star");
    for (const button of document.querySelectorAll("[data-star]")) {
      const isOn = starred.has(button.dataset.star);
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isOn));
      if (isOn) {
        button.closest(".programme-block").classList.add("has-star");
        button.closest("li:not(.programme-block)")?.classList.add("has-star");
      }
    }
    bar.hidden = false;
    bar.querySelector("[data-star-count]").textContent = starred.size;
    const link = bar.querySelector("[data-star-calendar]");
    if (link) { // an archived programme makes no calendars
      link.hidden = !starred.size;
      link.href = calendar || `${bar.dataset.calendar}?only=${[...starred].slice(0, 300).join(".")}`;
    }
    document.body.classList.toggle("only-stars", only.checked && starred.size > 0);
  }

  document.addEventListener("click", (event) => {
    if (event.target.dataset?.star) toggle(event.target.dataset.star);
  });
  only.addEventListener("change", showStars);
  showStars();
  if (bar.dataset.account) inAccount({ add: [...starred].slice(-300) });

  // Abstracts of papers open in place; they are read from the paper's own page, which is kept for offline as well.
  function offerAbstract(link) {
    const details = document.createElement("details");
    details.className = "programme-abstract";
    const summary = document.createElement("summary");
    summary.textContent = "Abstract";
    details.append(summary);
    details.addEventListener("toggle", () => open(details, link), { once: true });
    link.closest(".programme-name").parentElement.append(details);
  }

  async function open(details, link) {
    const place = document.createElement("div");
    place.className = "prose";
    place.textContent = "Loading …";
    details.append(place);
    try {
      const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
      const abstract = page.getElementById("abstract");
      if (!abstract) throw new Error("no abstract");
      place.replaceChildren(...abstract.childNodes);
    } catch {
      place.textContent = "It cannot be loaded now. The title leads to the paper's page.";
    }
  }

  if (location.protocol.startsWith("http")) document.querySelectorAll("[data-paper]").forEach(offerAbstract);

  // From now on the programme can be read without a network.
  if (bar.dataset.worker) navigator.serviceWorker?.register(bar.dataset.worker).catch(() => {});
})();
