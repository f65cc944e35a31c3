/** Colours and dashes of groups: Okabe and Ito's, which the colour-blind can tell apart, on light and on dark pages. */

const COLOURS = ['#0089cf', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const;
const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;

export function colourOf(n: number): string {
  return COLOURS[n % COLOURS.length]!;
}

export function dashOf(n: number): string {
  return DASHES[n % DASHES.length]!;
}

/** See-through, for bands. */
export function faint(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, 0.18)`;
}
