// Enhancement only: every page works without this file.
// A proof of work for the form of a case, similar cases while typing, fragments read in place, keys for the queue.

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const octets = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

// The work altcha's challenges ask for: a counter whose derived key begins with the prefix.
async function solve(challenge) {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const start = octets(nonce);
  for (let counter = 0; counter < 100000; counter += 1) {
    const password = new Uint8Array(start.length + 4);
    password.set(start);
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const method = { name: "PBKDF2", hash: "SHA-256", salt: octets(salt), iterations: cost };
    const derived = hex(new Uint8Array(await crypto.subtle.deriveBits(method, key, keyLength * 8)));
    if (derived.startsWith(keyPrefix)) return { counter, derivedKey: derived };
  }
  return null;
}

async function prove() {
  const answer = await fetch("/cases/challenge");
  if (!answer.ok) return "";
  const challenge = await answer.json();
  const solution = await solve(challenge);
  return solution ? btoa(JSON.stringify({ challenge, solution })) : "";
}

const form = document.querySelector("form[data-case-form]");
if (form) {
  const said = form.querySelector("[data-proof-said]");
  const secure = window.isSecureContext && crypto.subtle;
  let isProven = false;
  form.addEventListener("submit", async (event) => {
    if (isProven || !secure) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    said.textContent = "正在做人机验证，一两秒就好……";
    try {
      form.elements.proof.value = await prove();
    } catch {
      form.elements.proof.value = ""; // the form goes without; people will look at it
    }
    isProven = true;
    said.textContent = "正在提交……";
    form.submit();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isProven = false;
    form.querySelector("button[type=submit]").disabled = false;
  });
}

// Similar cases while somebody types the subject.
const typed = document.querySelector("input[data-similar]");
const place = document.querySelector("[data-similar-here]");
if (typed && place) {
  let timer = 0;
  const show = (hints) => {
    if (!hints.length) return place.replaceChildren();
    const intro = document.createElement("p");
    intro.textContent = "已经有人问过类似的，也许有答案：";
    const list = document.createElement("ul");
    for (const hint of hints) {
      const link = document.createElement("a");
      link.href = `/cases/${encodeURIComponent(hint.number)}${location.search.includes("mode=elder") ? "?mode=elder" : ""}`;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = hint.subject;
      const item = document.createElement("li");
      item.append(link, hint.is_answered ? "（已答复）" : "（办理中）");
      list.append(item);
    }
    place.replaceChildren(intro, list);
    form.elements.checked.value = "yes";
  };
  typed.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: typed.value, project: typed.dataset.similar });
      try {
        const answer = await fetch(`/cases/similar?${query}`);
        if (answer.ok) show((await answer.json()).similar);
      } catch {
        place.replaceChildren();
      }
    }, 350);
  });
}

// What is wrong comes first.
document.querySelector(".wrongs")?.focus();

// The queue by keys: j and k move, x picks, Enter opens, / goes to the filter, ? shows the keys.
const rows = [...document.querySelectorAll("table.queue tbody tr")];
if (rows.length) {
  let at = -1;
  const go = (next) => {
    rows[at]?.classList.remove("chosen");
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows[at].classList.add("chosen");
    rows[at].scrollIntoView({ block: "nearest" });
    rows[at].querySelector("a")?.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]")?.click();
    else if (event.key === "o" && at >= 0) rows[at].querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
}

// One case on the desk: a goes to the button of the next step (Enter takes it: nothing is published by one key), r writes
// the reply, n a note; Ctrl+Enter sends the form one is in. A template fills the draft.
const draft = document.querySelector("textarea[data-draft]");
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("textarea");
  if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("button[data-first]") ?? undefined);
    return;
  }
  if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = document.querySelector("section.do button[data-first]");
  const wanted = { a: step, r: draft, n: document.querySelector("textarea[data-note]") }[event.key];
  if (wanted) {
    event.preventDefault();
    wanted.closest("details")?.setAttribute("open", "");
    wanted.focus();
  }
});
document.querySelector("select[data-templates]")?.addEventListener("change", (event) => {
  const chosen = event.target.selectedOptions[0];
  if (draft && chosen?.dataset.body) {
    draft.value = draft.value.trim() ? `${draft.value.trim()}\n\n${chosen.dataset.body}` : chosen.dataset.body;
    draft.focus();
  }
});
document.querySelector("input[data-all]")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll("table.queue tbody input[type=checkbox]")) box.checked = event.target.checked;
});

// On the page of a project: what people say is read in place when somebody scrolls there.
const voices = document.querySelector("[data-voices]");
if (voices && "IntersectionObserver" in window) {
  const watcher = new IntersectionObserver(async ([seen]) => {
    if (!seen.isIntersecting) return;
    watcher.disconnect();
    try {
      const answer = await fetch(voices.dataset.voices);
      if (!answer.ok) return;
      const [main] = /<main[^]*<\/main>/.exec(await answer.text()) ?? [""];  // its style sheet is not for this page
      const found = new DOMParser().parseFromString(main, "text/html").querySelector("#voices");
      if (found) {
        for (const heading of found.querySelectorAll("h2")) {
          const smaller = document.createElement("h3");
          smaller.textContent = heading.textContent;
          heading.replaceWith(smaller);
        }
        for (const one of found.querySelectorAll("[aria-labelledby]")) one.removeAttribute("aria-labelledby");
        voices.append(...found.children);
      }
    } catch {
      // the link is there
    }
  }, { rootMargin: "200px" });
  watcher.observe(voices);
}
