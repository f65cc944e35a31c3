/** Keeps panels side by side so far apart that the title of an axis does not lie on its neighbour, where a figure is narrow. */
import { type Plain, plain } from './plain.ts';

/** Of ticks, their numbers and a title, in pixels. */
const AXIS_PIXELS = 62;

interface Column {
  readonly from: number;
  readonly to: number;
}

/** `plotted` is the width between the margins, in pixels. The layout itself where there is room enough. */
export function withRoomBetween(layout: Plain, plotted: number): Plain {
  const columns = columnsOf(layout);
  const gap = Math.min(0.3, AXIS_PIXELS / plotted);
  const isNarrow = columns.some(({ from }, n) => n > 0 && from - columns[n - 1]!.to < gap);
  if (columns.length < 2 || !isNarrow || !haveTitles(layout, columns)) return layout;
  const width = (1 - gap * (columns.length - 1)) / columns.length;
  const moved = (x: number) => {
    const n = columns.findIndex(({ from, to }) => x >= from - 1e-9 && x <= to + 1e-9);
    if (n < 0) return x;
    const { from, to } = columns[n]!;
    return n * (width + gap) + ((x - from) / (to - from)) * width;
  };
  return Object.fromEntries(Object.entries(layout).map(([key, value]) => [key, movedPart(key, value, moved)]));
}

function movedPart(key: string, value: unknown, moved: (x: number) => number): unknown {
  const own = plain(value);
  if (/^xaxis\d*$/.test(key) && isDomain(own.domain)) return { ...own, domain: own.domain.map(moved) };
  if (key !== 'annotations' || !Array.isArray(value)) return value;
  return value.map((one: unknown) => {
    const { xref, x } = plain(one);
    return xref === 'paper' && typeof x === 'number' ? { ...plain(one), x: moved(x) } : one;
  });
}

/** From left to right; none where panels overlap, as axes above one another do. */
function columnsOf(layout: Plain): Column[] {
  const domains = axesIn(layout, 'x').flatMap(([, { domain }]) => (isDomain(domain) ? [domain] : []));
  const columns = [...new Map(domains.map(([from, to]) => [from.toFixed(6), { from, to }])).values()].sort(
    (a, b) => a.from - b.from,
  );
  const overlap = columns.some(({ from }, n) => n > 0 && from < columns[n - 1]!.to);
  return overlap ? [] : columns;
}

/** Whether each column but the first has an axis with a title on its left. */
function haveTitles(layout: Plain, columns: readonly Column[]): boolean {
  const titled = axesIn(layout, 'y').flatMap(([, { title, anchor }]) =>
    title !== undefined && typeof anchor === 'string' ? [anchor.replace('x', 'xaxis')] : [],
  );
  return columns.slice(1).every(({ from }) =>
    titled.some((key) => {
      const { domain } = plain(layout[key]);
      return isDomain(domain) && Math.abs(domain[0] - from) < 1e-6;
    }),
  );
}

function axesIn(layout: Plain, letter: 'x' | 'y'): [string, Plain][] {
  return Object.entries(layout).flatMap(([key, value]) =>
    new RegExp(`^${letter}axis\\d*$`).test(key) ? [[key, plain(value)]] : [],
  );
}

function isDomain(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number');
}
