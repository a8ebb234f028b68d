// Bonus slides in a loop during breaks and poster sessions; while something is on stage, what it is.
"use strict";
(() => {
  const SECOND = 1000;
  const REFRESH = 2 * 60 * SECOND;
  const QUIET = new Set(["break", "lunch", "posters"]);
  const find = (id) => document.getElementById(id);
  const place = { slide: find("slide"), stage: find("stage"), caption: find("caption"), following: find("following") };

  let data = read(document);
  let pictures = preload(data.slides);
  let at = 0;
  let changedAt = Date.now();
  let paused = false;
  let forced = false; // slides although something is on stage, to try them out
  let drawn = "";

  function read(page) {
    return JSON.parse(page.getElementById("kiosk-data").textContent);
  }

  // Every picture is fetched at once and kept in memory, so that the loop needs no network.
  function preload(slides) {
    return slides.map((slide) => {
      const picture = new Image();
      picture.alt = `${slide.title}, ${slide.people.join(", ")}`;
      picture.src = slide.picture;
      return picture;
    });
  }

  const usable = (index) => pictures[index].complete && pictures[index].naturalWidth > 0;

  function move(by) {
    if (!data.slides.length) return;
    for (let step = 0; step < data.slides.length; step += 1) {
      at = (at + by + data.slides.length) % data.slides.length;
      if (usable(at)) break; // one that did not arrive is passed over
    }
    changedAt = Date.now();
  }

  const dated = () => data.sessions.filter((each) => each.starts && each.ends);
  const runs = (each, now) => Date.parse(each.starts) <= now && now < Date.parse(each.ends);

  function show(now) {
    const running = dated().filter((each) => runs(each, now));
    const onStage = running.filter((each) => !QUIET.has(each.kind));
    const showsStage = !forced && (onStage.length > 0 || !data.slides.length);
    const state = showsStage ? `stage:${minute(now)}` : `slide:${at}:${data.slides.length}`;
    place.slide.hidden = showsStage;
    place.stage.hidden = !showsStage;
    if (state !== drawn) {
      drawn = state;
      if (showsStage) drawStage(onStage.length ? onStage : running, now);
      else drawSlide();
    }
    const next = dated().filter((each) => Date.parse(each.starts) > now).sort((a, b) => Date.parse(a.starts) - Date.parse(b.starts))[0];
    place.following.textContent = next ? `Next, ${time(next.starts)}: ${next.title}${next.room ? `, ${next.room}` : ""}` : "";
  }

  function drawSlide() {
    const slide = data.slides[at];
    place.slide.replaceChildren(pictures[at]);
    place.caption.textContent = `${slide.title}: ${slide.people.join(", ")}`;
  }

  function drawStage(sessions, now) {
    place.caption.textContent = "";
    place.stage.replaceChildren(...sessions.flatMap((session) => onStageNow(session, now)));
    if (!sessions.length) place.stage.replaceChildren(line("p", "Nothing is on at the moment.", "quiet"));
  }

  function onStageNow(session, now) {
    const talk = session.items.find((item) => item.starts && Date.parse(item.starts) <= now && now < Date.parse(item.ends) && session.kind !== "posters");
    const lines = [line("p", `${session.kind_name}${session.room ? `, ${session.room}` : ""}, until ${time(session.ends)}`, "quiet"), line("h2", session.title)];
    if (talk?.title) lines.push(line("p", talk.title));
    if (talk && names(talk)) lines.push(line("p", names(talk), "quiet"));
    return lines;
  }

  const names = (item) => item.speakers.map((each) => each.name).join(", ") || item.authors.join(", ");

  function line(kind, words, style = "") {
    const element = document.createElement(kind);
    element.textContent = words;
    element.className = style;
    return element;
  }

  const hour = (zone) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const time = (stamp) => hour(data.zone).format(new Date(stamp));
  const minute = (now) => Math.floor(now / 60000);

  function tick() {
    const now = Date.now();
    if (!paused && now - changedAt >= data.seconds * SECOND) move(1);
    show(now);
    const clock = document.querySelector("#clock time");
    clock.textContent = time(now);
    clock.dateTime = new Date(now).toISOString();
    find("place").textContent = data.place;
  }

  // New slides and a changed programme come by themselves; without a network the old ones go on.
  async function refresh() {
    try {
      const answer = await fetch(window.location.href, { cache: "no-cache" });
      if (!answer.ok) return;
      const fresh = read(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (JSON.stringify(fresh) === JSON.stringify(data)) return;
      const before = data.slides[at]?.id;
      if (JSON.stringify(fresh.slides) !== JSON.stringify(data.slides)) pictures = preload(fresh.slides);
      data = fresh;
      at = Math.max(0, data.slides.findIndex((slide) => slide.id === before));
      drawn = "";
    } catch {
      // no network: what is here plays on
    }
  }

  const verbs = {
    next: () => move(1),
    back: () => move(-1),
    pause: () => {
      paused = !paused;
      changedAt = Date.now();
      const button = document.querySelector("[data-do=pause]");
      button.setAttribute("aria-pressed", String(paused));
      button.textContent = paused ? "Go on" : "Pause";
    },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    force: () => { forced = !forced; drawn = ""; },
  };
  // Remote controls for talks send Page Up and Page Down.
  const keys = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", " ": "pause", f: "full", s: "force" };

  document.addEventListener("keydown", (event) => {
    const verb = keys[event.key];
    if (!verb || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && event.target.closest("button, a")) return;
    event.preventDefault();
    verbs[verb]();
    tick();
  });
  find("controls").addEventListener("click", (event) => {
    const verb = verbs[event.target.dataset?.do];
    if (!verb) return;
    verb();
    tick();
  });

  let resting;
  function wake() {
    document.body.classList.remove("idle");
    clearTimeout(resting);
    resting = setTimeout(() => document.body.classList.add("idle"), 4 * SECOND);
  }
  for (const kind of ["mousemove", "keydown", "touchstart", "focusin"]) document.addEventListener(kind, wake, { passive: true });

  if (data.slides.length && "wakeLock" in navigator) navigator.wakeLock.request("screen").catch(() => {});
  const { worker } = document.body.dataset;
  if (worker) navigator.serviceWorker?.register(worker).catch(() => {});
  wake();
  tick();
  setInterval(tick, SECOND / 2);
  setInterval(refresh, REFRESH);
})();
