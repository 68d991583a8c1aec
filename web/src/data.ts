/** What a report writes beside a still picture; see `Picture.turn` in src/scorepolis/report/drawing.py. */

export interface Flows {
  kind: "flows";
  unit: string;
  nodes: { id: string; name: string; shade: number }[];
  links: { from: string; to: string; people: number }[];
}

export interface Mapped {
  kind: "map";
  unit: string;
  choose: string;
  when: string[];
  x: number[];
  y: number[];
  rates: number[][];
}

export interface Schemes {
  kind: "schemes";
  choose: string;
  schemes: string[];
  measures: { name: string; mean: (number | null)[]; low: (number | null)[]; high: (number | null)[] }[];
}

export type Turning = Flows | Mapped | Schemes;
