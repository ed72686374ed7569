// Interactive charts. Loaded only when a reader asks for one; then the chart library, then the figure's numbers.

const THEMED = {
  "#0b6e6e": "--paid", "#b04a0a": "--orange", "#6f8f8e": "--budget", "#1c2430": "--ink",
  "#5a6472": "--soft", "#dad7cf": "--rule", "#b9b4a8": "--hatch",
  "#fbfaf7": "--paper", "#dcebe8": "--t1", "#c0dcd7": "--t2", "#9bc8c2": "--t3",
};
// The library brings styles for a kind of map we do not use, unless it finds an element of this id; inline styles are
// refused here. A test compares it with the installed library.
const MAP_STYLES = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
let library;

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve, { once: true });
    element.addEventListener("error", () => reject(new Error("not loaded")), { once: true });
    document.head.append(element);
  });
}

// The library writes its few rules into the style sheet of this id; a sheet of ours keeps inline styles out.
async function fetchLibrary(figure) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.id = "plotly.js-style-global";
  sheet.href = figure.dataset.styles;
  await loaded(sheet);
  const kept = document.createElement("meta");
  kept.id = MAP_STYLES;
  document.head.append(kept);
  // Maps are drawn on our own outlines: without this the library would look for those of the world elsewhere.
  window.PlotlyGeoAssets = { topojson: { world_110m: { type: "Topology", objects: {}, arcs: [] } } };
  const script = document.createElement("script");
  script.src = figure.dataset.library;
  await loaded(script);
  return window.Plotly;
}

function themed(value, style) {
  if (typeof value === "string") return THEMED[value] ? style.getPropertyValue(THEMED[value]).trim() || value : value;
  if (Array.isArray(value)) return value.map((item) => themed(item, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, themed(item, style)]));
  }
  return value;
}

// The drawing that the page came with, kept to go back to: its links and shapes can be reached by keyboard.
function back(figure, canvas, drawing, button, words) {
  window.Plotly.purge(canvas.firstElementChild);
  canvas.replaceChildren(...drawing);
  delete figure.dataset.state;
  button.textContent = words;
}

export async function activate(figure, button) {
  const canvas = figure.querySelector(".canvas");
  if (figure.dataset.state === "ready") return figure.goBack();
  if (figure.dataset.state) return undefined;
  figure.dataset.state = "loading";
  const words = button.dataset.words ?? (button.dataset.words = button.textContent);
  button.setAttribute("aria-busy", "true");
  try {
    library ??= fetchLibrary(figure);
    const [plotly, answer] = await Promise.all([library, fetch(figure.dataset.chart)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const { data, layout, title } = themed(await answer.json(), getComputedStyle(document.documentElement));
    delete layout.title;
    layout.annotations = [];
    layout.autosize = true;
    if (layout.geo) layout.height = canvas.clientHeight; // a map takes the place of its drawing: nothing under it moves
    const place = document.createElement("div");
    place.className = "plot";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", title);
    const drawing = [...canvas.childNodes];
    canvas.replaceChildren(place);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) layout.transition = { duration: 0 };
    await plotly.newPlot(place, data, layout, { displaylogo: false, responsive: true });
    figure.dataset.state = "ready";
    button.textContent = button.dataset.back;
    figure.goBack = () => back(figure, canvas, drawing, button, words);
  } catch {
    library = undefined;
    delete figure.dataset.state;
    button.textContent = button.dataset.again;
  } finally {
    button.removeAttribute("aria-busy");
  }
  return undefined;
}
