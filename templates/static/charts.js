// Interactive charts. Loaded only when a reader asks for one; then the chart library, then the figure's numbers.

const THEMED = {
  "#0b6e6e": "--paid", "#b04a0a": "--orange", "#6f8f8e": "--budget", "#1c2430": "--ink",
  "#5a6472": "--soft", "#dad7cf": "--rule", "#b9b4a8": "--hatch",
};
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

export async function activate(figure, button) {
  const canvas = figure.querySelector(".canvas");
  if (figure.dataset.state) return;
  figure.dataset.state = "loading";
  button.disabled = true;
  try {
    library ??= fetchLibrary(figure);
    const [plotly, answer] = await Promise.all([library, fetch(figure.dataset.chart)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const { data, layout, title } = themed(await answer.json(), getComputedStyle(document.documentElement));
    delete layout.title;
    layout.annotations = [];
    layout.width = canvas.clientWidth;
    const place = document.createElement("div");
    place.className = "plot";
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", title);
    canvas.replaceChildren(place);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) layout.transition = { duration: 0 };
    await plotly.newPlot(place, data, layout, { displaylogo: false, locale: "zh-CN", responsive: false, topojsonURL: "" });
    addEventListener("resize", () => plotly.relayout(place, { width: canvas.clientWidth }));
    figure.dataset.state = "ready";
    button.hidden = true;
    place.focus();
  } catch {
    library = undefined;
    delete figure.dataset.state;
    button.disabled = false;
    button.textContent = "没有打开，再试一次";
  }
}
