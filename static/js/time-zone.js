// Offers the browser's time zone beside a zone field that does not have it yet.
document.querySelectorAll("[data-suggest-zone]").forEach((field) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || field.value === zone || ![...field.options].some((option) => option.value === zone)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary mt-2";
  button.textContent = `Use ${zone.replaceAll("_", " ")}`;
  button.addEventListener("click", () => {
    field.value = zone;
    button.remove();
    field.focus();
  });
  field.insertAdjacentElement("afterend", button);
});
