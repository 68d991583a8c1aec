/** The colours of the page, by role, so that a picture follows light and dark. */

export interface Look {
  ink: string;
  soft: string;
  line: string;
  paper: string;
  accent: string;
  bad: string;
}

export function look(): Look {
  const style = getComputedStyle(document.documentElement);
  const role = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: role("ink"),
    soft: role("soft"),
    line: role("line"),
    paper: role("paper"),
    accent: role("accent"),
    bad: role("bad"),
  };
}

/** The colour at a share of the way from bad to accent. */
export function blend(share: number, { accent, bad }: Look): string {
  const part = (colour: string, at: number): number => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(part(bad, at) + share * (part(accent, at) - part(bad, at))));
  return `rgb(${mixed.join(" ")})`.replaceAll(" ", ",");
}

export const figure = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });
