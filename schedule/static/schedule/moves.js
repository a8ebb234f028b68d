// Saves a move of the editor and shows what it changed around: what wants a look, what can be undone.
"use strict";

window.Moves = (() => {
  const form = document.querySelector("[data-moves]");
  const said = document.querySelector("[data-said]");
  const refused = document.querySelector("[data-refused]");
  const around = document.querySelector("[data-around]");
  let last = Promise.resolve();

  function say(words, isRefusal) {
    refused.hidden = !isRefusal;
    if (isRefusal) refused.textContent = words;
    else said.textContent = words;
  }

  async function send(url, fields) {
    const data = new FormData(form);
    for (const [name, value] of Object.entries({ ...fields, home: form.dataset.home })) data.set(name, value);
    let response;
    try {
      response = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
    } catch {
      say("The server cannot be reached; nothing was moved. Try again.", true);
      return null;
    }
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      say("You are signed out, or may not do this any more; nothing was moved. Load the page again.", true);
      return null;
    }
    const answer = await response.json();
    say(answer.said, !response.ok);
    if (!response.ok) return null;
    around.innerHTML = answer.around;
    return answer;
  }

  // One after the other, in the order in which they were made.
  function save(url, fields) {
    last = last.then(() => send(url, fields));
    return last;
  }

  return { save, url: form.dataset.url };
})();
