import type { EChartsCoreOption } from "echarts/core";
import type { Schemes } from "./data";
import { figure, type Look } from "./look";

/** The mean of one measure under every scheme, with its interval. */
export function schemes(data: Schemes, look: Look, at: number): EChartsCoreOption {
  const measure = data.measures[at];
  if (!measure) return {};
  const edges = data.schemes.map((_, n) => [measure.low[n] ?? measure.mean[n], measure.high[n] ?? measure.mean[n]]);
  return {
    tooltip: {
      formatter: (of: { dataIndex: number }) => {
        const [low, high] = edges[of.dataIndex] ?? [];
        const mean = figure(measure.mean[of.dataIndex] ?? 0);
        return `${data.schemes[of.dataIndex]}: ${mean} (${figure(low ?? 0)} – ${figure(high ?? 0)})`;
      },
    },
    grid: { left: 8, right: 24, top: 8, bottom: 24, containLabel: true },
    xAxis: { type: "value", scale: true, axisLabel: { color: look.soft }, splitLine: { lineStyle: { color: look.line } } },
    yAxis: { type: "category", inverse: true, data: data.schemes, axisLabel: { color: look.ink }, axisTick: { show: false } },
    series: [
      {
        type: "custom",
        encode: { x: [0, 1], y: 2 },
        data: edges.map((edge, n) => [...edge, n]),
        renderItem: (_: unknown, api: { value(i: number): number; coord(of: number[]): number[] }) => {
          const [x1, y1] = api.coord([api.value(0), api.value(2)]);
          const [x2, y2] = api.coord([api.value(1), api.value(2)]);
          return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: look.soft, lineWidth: 3 } };
        },
      },
      { type: "scatter", symbolSize: 12, itemStyle: { color: look.accent }, data: measure.mean },
    ],
  };
}
