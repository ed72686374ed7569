// Enhancement only: every page works without this file.
// Filters apply as soon as a choice changes; exact amounts can be copied by a click.

const filters = document.querySelector("form.filters");
if (filters) {
  filters.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement || event.target.type === "checkbox") filters.requestSubmit();
  });
}

// Empty fields make long addresses; leave them out.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of form.elements) field.disabled = false; }, 500);
  });
}
