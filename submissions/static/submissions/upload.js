// Shows how far an upload is, and stops one that is too large before it starts. Without it the form works as it is.
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const problem = form.querySelector("[role=alert]");

  const say = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };

  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file) return;
    const most = Number(input.dataset.most);
    if (file.size > most * 1024 * 1024) {
      event.preventDefault();
      say(`The file has ${(file.size / 1024 / 1024).toFixed(1)} MB; at most ${most} MB are taken.`);
      return;
    }
    event.preventDefault();
    say("");
    const body = new FormData(form);
    if (event.submitter) body.append(event.submitter.name, event.submitter.value);
    const request = new XMLHttpRequest();
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => { button.disabled = true; });
    bar.hidden = false;
    request.upload.addEventListener("progress", (now) => {
      if (now.lengthComputable) bar.value = (100 * now.loaded) / now.total;
    });
    const failed = () => {
      bar.hidden = true;
      buttons.forEach((button) => { button.disabled = false; });
      say("The connection was lost. Your file is still chosen: press the button again.");
    };
    request.addEventListener("error", failed);
    request.addEventListener("load", () => {
      if (request.status >= 500) return failed();
      // Without X-Location we were sent elsewhere, to sign in again for instance.
      const next = request.getResponseHeader("X-Location") || request.responseURL;
      const here = location.pathname + location.search;
      if (next === here) location.reload();
      else location.assign(next);
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-Upload", "1");
    request.send(body);
  });
}
