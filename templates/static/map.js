// The map, enhanced: a slider for years, and what lies near the reader. Nothing here sends a place anywhere:
// the points of the release are fetched whole, distances are worked out on this device.

const LISTED = 20;
const FARTHEST = 50_000; // metres
const EARTH = 6_371_008.8;
const SLICE = 20; // milliseconds

// ---- years: the select becomes a slider; the drawing and the list change together, the form stays

const holder = document.querySelector("[data-slider]");
if (holder) slide(holder, holder.querySelector("select"));

function slide(place, select) {
  const years = [...select.options].map((option) => option.value).reverse();
  const slider = document.createElement("input");
  const said = document.createElement("output");
  for (const [name, value] of [["type", "range"], ["min", "0"], ["max", String(years.length - 1)], ["step", "1"]]) slider.setAttribute(name, value);
  slider.id = "m-year-slider";
  slider.value = String(years.indexOf(select.value));
  said.htmlFor = slider.id;
  place.querySelector("label").htmlFor = slider.id;
  const say = () => {
    said.textContent = years[slider.value];
    slider.setAttribute("aria-valuetext", years[slider.value]);
  };
  say();
  slider.addEventListener("input", () => { say(); later(); });
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      select.value = years[slider.value];
      const fields = [...new FormData(select.form)].filter(([, value]) => value);
      change(`/map?${new URLSearchParams(fields)}`);
    }, 120);
  };
  slider.addEventListener("change", (event) => event.stopPropagation());
  select.hidden = true;
  place.append(slider, said);
}

let asking;
async function change(address) {
  asking?.abort();
  const mine = asking = new AbortController();
  let answer;
  try {
    answer = await fetch(address, { signal: mine.signal, headers: { accept: "text/html" } });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  if (!answer.ok) return location.assign(address);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["map-state", "map-body"]) {
    const [old, next] = [document.getElementById(part), fresh.getElementById(part)];
    if (!old || !next) return location.assign(address);
    if (!await become(old, next, mine.signal)) return;
  }
  for (const links of [".modes", ".theme"]) document.querySelector(links)?.replaceWith(document.adoptNode(fresh.querySelector(links)));
  document.title = fresh.title;
  history.replaceState(null, "", address);
  if (me) mark();
}

// Another year has the same places: only what differs is touched, so that little is drawn anew and the focus stays. After
// every few milliseconds keys and taps have their turn; a newer year ends the older one, whose place it takes. Says whether
// it came to its end.
async function become(old, next, signal) {
  const pairs = [[old, next]];
  let pause = performance.now() + SLICE;
  while (pairs.length) {
    pairs.push(...changed(...pairs.pop()));
    if (performance.now() < pause) continue;
    await new Promise((go) => setTimeout(go)); // scheduler.yield would come back before the frame that a key waits for
    if (signal.aborted) return false;
    pause = performance.now() + SLICE;
  }
  return true;
}

// One node made like the new one; its children are still to be done, and come back in pairs.
function changed(old, next) {
  if (old.nodeName !== next.nodeName) old.replaceWith(document.adoptNode(next));
  else if (old.nodeType === Node.ELEMENT_NODE) return changedElement(old, next);
  else if (old.data !== next.data) old.data = next.data;
  return [];
}

function changedElement(old, next) {
  const changing = ({ name }) => name !== "hidden" && name !== "open"; // what a script shows or a reader opened stays
  for (const { name } of [...old.attributes].filter(changing)) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...next.attributes].filter(changing)) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [had, has] = [[...old.childNodes], [...next.childNodes]];
  had.slice(has.length).forEach((gone) => gone.remove());
  old.append(...has.slice(had.length).map((child) => document.adoptNode(child)));
  return had.slice(0, has.length).map((child, index) => [child, has[index]]);
}

// ---- near me

const near = document.querySelector(".near");
const button = near?.querySelector("button");
const status = near?.querySelector("[role=status]");
let points;
let me;

if (near) near.querySelector(".noscript").hidden = true;
if (button && !navigator.geolocation) status.textContent = near.dataset.denied;
if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = near.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      (found) => list([found.coords.longitude, found.coords.latitude]),
      () => { status.textContent = near.dataset.denied; },
      { maximumAge: 30_000, timeout: 15_000 },
    );
  });
}

async function list(place) {
  try {
    points ??= (await (await fetch(near.dataset.points)).json()).points;
  } catch {
    status.textContent = near.dataset.failed;
    return;
  }
  me = place;
  const found = points
    .map((point) => ({ point, metres: distance(place, [point[3], point[4]]) }))
    .filter(({ metres }) => metres <= FARTHEST)
    .sort((one, other) => one.metres - other.metres)
    .slice(0, LISTED);
  status.textContent = found.length ? near.dataset.found : near.dataset.none;
  near.querySelector("ol").replaceChildren(...found.map(item));
  mark();
}

function distance([west, south], [east, north]) {
  const radians = Math.PI / 180;
  const x = (east - west) * radians * Math.cos(((south + north) / 2) * radians);
  return EARTH * Math.hypot(x, (north - south) * radians);
}

function item({ point: [id, name, region], metres }) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  const words = document.createElement("span");
  entry.className = "project";
  link.href = near.dataset.project.replace("ID", encodeURIComponent(id));
  link.textContent = name;
  words.className = "of";
  words.textContent = `${region} · ${metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`}`;
  entry.append(link, words);
  return entry;
}

// The reader's own place on the drawing, when it lies on it.
function mark() {
  const drawing = document.querySelector("svg[data-canvas]");
  if (!drawing) return;
  const [west, north, stretch, scale] = drawing.dataset.canvas.split(" ").map(Number);
  const [x, y] = [4 + (me[0] - west) * stretch * scale, 4 + (north - me[1]) * scale];
  const { width, height } = drawing.viewBox.baseVal;
  drawing.querySelector(".me")?.remove();
  if (x < 0 || y < 0 || x > width || y > height) return;
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of [["class", "me"], ["cx", x], ["cy", y], ["r", 7]]) dot.setAttribute(name, value);
  drawing.append(dot);
}
