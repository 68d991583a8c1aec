import type { EChartsCoreOption } from "echarts/core";
import type { Mapped } from "./data";
import { figure, type Look } from "./look";

/** Neighbourhoods as squares, in one stretch of the run; the shades are the same in all of them. */
export function map(data: Mapped, look: Look, at: number): EChartsCoreOption {
  const span = (values: number[]): number[] => {
    const low = Math.min(...values);
    return Array.from({ length: Math.max(...values) - low + 1 }, (_, step) => low + step);
  };
  const [columns, rows] = [span(data.x), span(data.y)];
  const rates = data.rates[at] ?? [];
  const most = Math.max(...data.rates.flat());
  return {
    tooltip: { formatter: (of: { value: number[] }) => `${figure(of.value[2] ?? 0)} ${data.unit}` },
    grid: { left: 8, right: 8, top: 8, bottom: 60 },
    xAxis: { type: "category", data: columns.map(String), show: false },
    yAxis: { type: "category", data: rows.map(String), show: false },
    visualMap: {
      min: 0,
      max: most,
      calculable: true,
      orient: "horizontal",
      left: "center",
      bottom: 4,
      text: [data.unit, ""],
      textStyle: { color: look.soft },
      inRange: { color: [look.paper, look.bad] },
    },
    series: [
      {
        type: "heatmap",
        itemStyle: { borderColor: look.line, borderWidth: 1 },
        data: rates.map((rate, n) => [(data.x[n] ?? 0) - (columns[0] ?? 0), (data.y[n] ?? 0) - (rows[0] ?? 0), rate]),
      },
    ],
  };
}
