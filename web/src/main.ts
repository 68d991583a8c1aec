import { CustomChart, HeatmapChart, SankeyChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { init, use, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Turning } from "./data";
import { flows } from "./flows";
import { look } from "./look";
import { map } from "./map";
import { schemes } from "./schemes";

use([
  CustomChart, HeatmapChart, SankeyChart, ScatterChart, GridComponent, TooltipComponent, VisualMapContinuousComponent,
  SVGRenderer,
]);

const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

function option(data: Turning, at: number): EChartsCoreOption {
  switch (data.kind) {
    case "flows":
      return flows(data, look());
    case "map":
      return map(data, look(), at);
    case "schemes":
      return schemes(data, look(), at);
  }
}

function height(data: Turning): number {
  switch (data.kind) {
    case "flows":
      return 200 + 22 * data.nodes.length;
    case "map":
      return 420;
    case "schemes":
      return 60 + 44 * data.schemes.length;
  }
}

/** A control that any keyboard and any screen reader can use: a slider for time, a list for measures. */
function control(data: Turning, turn: (at: number) => void): HTMLElement | null {
  if (data.kind === "flows") return null;
  const label = document.createElement("label");
  const words = document.createElement("span");
  if (data.kind === "map") {
    const slider = document.createElement("input");
    const last = data.when.length - 1;
    Object.assign(slider, { type: "range", min: "0", max: String(last), step: "1", value: String(last) });
    const name = (): void => {
      const when = data.when[slider.valueAsNumber] ?? "";
      words.textContent = `${data.choose}: ${when} `;
      slider.setAttribute("aria-valuetext", when);
    };
    slider.addEventListener("input", () => (name(), turn(slider.valueAsNumber)));
    name();
    label.append(words, slider);
  } else {
    const list = document.createElement("select");
    list.append(...data.measures.map((measure, n) => new Option(measure.name, String(n))));
    list.addEventListener("change", () => turn(list.selectedIndex));
    words.textContent = `${data.choose}: `;
    label.append(words, list);
  }
  return label;
}

/** Put a picture that turns in the place of a still one, which stays for paper. */
function start(place: HTMLElement): void {
  const before = place.previousElementSibling as HTMLElement | null;
  const data = JSON.parse(place.querySelector("script")?.textContent ?? "null") as Turning | null;
  if (!data || !before) return;
  let at = data.kind === "map" ? data.when.length - 1 : 0;
  const canvas = document.createElement("div");
  canvas.style.height = `${height(data)}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", before.querySelector("svg")?.getAttribute("aria-label") ?? "");
  place.hidden = false;
  const by = control(data, (to) => ((at = to), draw()));
  if (by) place.append(by);
  place.append(canvas);
  const chart = init(canvas, null, { renderer: "svg" });
  const draw = (): void => {
    const { ink, paper, line } = look();
    const about = { backgroundColor: paper, borderColor: line, textStyle: { color: ink }, confine: true };
    const drawn = option(data, at) as { tooltip: object };
    chart.setOption({ animation: !still.matches, ...drawn, tooltip: { ...about, ...drawn.tooltip } }, true);
  };
  draw();
  before.hidden = true;
  dark.addEventListener("change", draw);
  new ResizeObserver(() => chart.resize()).observe(canvas);
}

document.querySelectorAll<HTMLElement>(".turn").forEach(start);
