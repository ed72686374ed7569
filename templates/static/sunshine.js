// Enhancement only: every page works without this file.
// Filters apply as soon as a choice changes; an amount that is tapped says itself to the fen.

const filters = document.querySelector("form.filters");
if (filters) {
  filters.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement || event.target.type === "checkbox") filters.requestSubmit();
  });
}

// An amount says itself to the fen when it is tapped: a tooltip needs a mouse. Without this the foot of a page does.
document.addEventListener("click", (event) => {
  const amount = event.target.closest("data.amount[title]");
  if (amount && !amount.closest("a, summary, button, label")) amount.classList.toggle("told");
});

// What only some pages need is loaded by those pages. Addresses come from our own templates.
for (const place of document.querySelectorAll("[data-script]")) import(place.dataset.script);

// Empty fields make long addresses; leave them out.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    const idle = [...form.elements].filter((field) => field.name && !field.value && !field.disabled);
    for (const field of idle) field.disabled = true;
    setTimeout(() => { for (const field of idle) field.disabled = false; }, 500);
  });
}

// A reading is changed as soon as something else is chosen.
for (const swap of document.querySelectorAll("form.swap")) {
  swap.querySelector("select").addEventListener("change", () => swap.requestSubmit());
  swap.querySelector("button").hidden = true;
}

// Suggestions under the search box: the combobox pattern of the ARIA authoring practices, list only, nothing is
// filled in before it is chosen. Without an answer in time the box is a plain box.
const WAIT = 120;
const LANGUAGE = document.documentElement.lang;
const [OFFERS, KINDS] = LANGUAGE === "en"
  ? ["Suggestions", { project: "project", supplier: "supplier", organisation: "unit", region: "region", dataset: "data", report: "report" }]
  : ["建议", { project: "项目", supplier: "供应商", organisation: "单位", region: "地区", dataset: "数据", report: "报告" }];

class Offers {
  constructor(input, number) {
    this.input = input;
    this.chosen = -1;
    this.list = document.createElement("ul");
    this.list.className = "offers";
    this.list.id = `offers-${number}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", OFFERS);
    input.parentElement.append(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), WAIT);
  }

  async ask(typed) {
    this.request?.abort();
    if (!typed) return this.close();
    this.request = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(typed)}`, { signal: this.request.signal });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).suggestions);
    } catch {
      this.close();
    }
  }

  show(offers) {
    this.offers = offers;
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...offers.map((offer, index) => this.item(offer, index)));
    this.list.hidden = offers.length === 0;
    this.input.setAttribute("aria-expanded", String(offers.length > 0));
  }

  item(offer, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    const letters = [...offer.text];
    let at = 0;
    for (const [start, end] of offer.matches) {
      text.append(letters.slice(at, start).join(""));
      const mark = document.createElement("mark");
      mark.textContent = letters.slice(start, end).join("");
      text.append(mark);
      at = end;
    }
    text.append(letters.slice(at).join(""));
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = KINDS[offer.kind] ?? "";
    item.append(text, kind);
    return item;
  }

  key(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !this.list.hidden) {
      event.preventDefault();
      const count = this.list.children.length + 1;
      this.point(((this.chosen + 1 + (event.key === "ArrowDown" ? 1 : -1) + count) % count) - 1);
    } else if (event.key === "Enter" && this.chosen >= 0 && !event.isComposing) {
      event.preventDefault();
      this.take(this.chosen);
    }
  }

  point(index) {
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = index;
    const item = this.list.children[index];
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  take(index) {
    const offer = this.offers[index];
    this.close();
    if (offer.url) {
      const carried = location.search.slice(1).split("&").filter((pair) => /^(mode|lang|theme|exact)=/.test(pair)).join("&");
      location.assign(offer.url + (carried ? `?${carried}` : ""));
    } else {
      this.input.value = offer.text;
      this.input.form.requestSubmit();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

document.querySelectorAll("input[data-suggest]").forEach((input, number) => new Offers(input, number));

// Large-text mode reads aloud where the device can. The whole text is said in pieces: long ones stop some engines.
const reader = document.querySelector("[data-read]");
if (reader && "speechSynthesis" in window) {
  const piece = /[^。；！？\n]+[。；！？\n]?/g;
  const stop = () => {
    speechSynthesis.cancel();
    reader.setAttribute("aria-pressed", "false");
    reader.textContent = reader.dataset.read;
  };
  reader.hidden = false;
  reader.addEventListener("click", () => {
    if (reader.getAttribute("aria-pressed") === "true") return stop();
    reader.setAttribute("aria-pressed", "true");
    reader.textContent = reader.dataset.stop;
    const parts = document.querySelector("main").innerText.match(piece) ?? [];
    parts.forEach((text, index) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = /[\u3400-\u9fff]/.test(text) ? "zh-CN" : LANGUAGE;  // names stay Chinese on an English page
      said.rate = 0.9;
      if (index === parts.length - 1) said.addEventListener("end", stop);
      speechSynthesis.speak(said);
    });
    if (!parts.length) stop();
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

// Without a network the page stays readable; it says so, and that its numbers are of its release.
const offline = document.querySelector("[data-offline]");
if (offline) {
  const tell = () => { offline.textContent = navigator.onLine ? "" : offline.dataset.offline; };
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();
}

// The newest replies are no part of a release: they are fetched when a reader comes near. Without this the link is there.
const replies = document.querySelector("[data-replies]");
const NEWEST = 3;
if (replies && "IntersectionObserver" in window) {
  const watcher = new IntersectionObserver(async ([seen]) => {
    if (!seen.isIntersecting) return;
    watcher.disconnect();
    const answer = await fetch(replies.dataset.replies).catch(() => null);
    if (!answer?.ok) return;
    const [main] = /<main[^]*<\/main>/.exec(await answer.text()) ?? [""];  // its style sheet is not for this page
    const page = new DOMParser().parseFromString(main, "text/html");
    const found = [...page.querySelectorAll("ol.cases > li")].slice(0, NEWEST);
    if (!found.length) return;
    const list = document.createElement("ol");
    list.className = "projects";
    for (const one of found) one.className = "project";
    list.append(...found);
    replies.querySelector("p").after(list);
  }, { rootMargin: "200px" });
  watcher.observe(replies);
}

// Interactive charts: nothing is fetched before a reader touches one.
for (const figure of document.querySelectorAll("[data-chart]")) {
  const button = figure.querySelector("[data-act]");
  if (!button) continue;
  const open = async () => (await import(figure.dataset.script)).activate(figure, button);
  button.hidden = false;
  button.addEventListener("click", open);
  figure.querySelector(".canvas").addEventListener("click", (event) => {
    if (!event.target.closest("a, .plot")) open();
  });
}
