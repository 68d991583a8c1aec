import type { EChartsCoreOption } from "echarts/core";
import type { Flows } from "./data";
import { blend, type Look } from "./look";

/** People by the grade they come from and the grade they go to. */
export function flows(data: Flows, look: Look): EChartsCoreOption {
  const names = new Map(data.nodes.map((node) => [node.id, node.name]));
  return {
    tooltip: {
      formatter: (of: { dataType: string; data: { source: string; target: string }; name: string; value: number }) => {
        const people = `${of.value.toLocaleString("en")} ${data.unit}`;
        return of.dataType === "edge"
          ? `${names.get(of.data.source)} → ${names.get(of.data.target)}: ${people}`
          : `${names.get(of.name)}: ${people}`;
      },
    },
    series: [
      {
        type: "sankey",
        left: 110,
        right: 110,
        top: 8,
        bottom: 8,
        nodeGap: 14,
        layoutIterations: 0,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "target", opacity: 0.45 },
        label: { color: look.ink, formatter: (of: { name: string }) => names.get(of.name) ?? of.name },
        data: data.nodes.map((node) => ({
          name: node.id,
          label: { position: node.id.startsWith("<") ? "left" : "right" },
          itemStyle: { color: blend(node.shade, look), borderWidth: 0 },
        })),
        links: data.links.map((link) => ({ source: link.from, target: link.to, value: link.people })),
      },
    ],
  };
}
