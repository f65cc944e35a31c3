/**
 * Figures of very many patients: of their points so many are drawn as a browser draws at once and a notebook can keep,
 * chosen by lot with a fixed seed. Lines, limits, boxes and numbers stay those of all.
 */
import { createRandom, type Random } from '../random.ts';
import type { FigureView, LinkedPatients } from '../view.ts';
import { boxOf } from './boxStatistics.ts';

/** So many are all drawn, in one figure: 1600 patients in six panels. */
export const MOST_POINTS = 10_000;
/** Of more, as many as a browser draws in less time than the kernel needs for them. */
const POINTS_OF_MORE = 5000;

type Trace = FigureView['data'][number];
type Cells = readonly unknown[];

/** What is said of a figure that has some of its points. */
type Note = (drawn: number, all: number) => string;

const DRAWN: Note = (drawn, all) =>
  `Drawn are ${drawn} of ${all} points, by lot, with the outermost of each panel; all count in the numbers, lines and boxes.`;

/** The figure as it is where it has at most so many points; else with so many of them, and a note that says so. */
export function withFewerPoints(figure: FigureView, most = MOST_POINTS, ofMore = POINTS_OF_MORE): FigureView {
  const points = figure.data.reduce((sum, trace) => sum + (cellsOf(trace)?.length ?? 0), 0);
  return points > most ? fewerPoints(figure, ofMore, DRAWN) : figure;
}

/** The same of a figure that may have fewer points already, with the note of whoever leaves out more, in place of the former. */
export function fewerPoints(figure: FigureView, most: number, note: Note): FigureView {
  const { data, patients } = figure;
  const counts = data.map((trace) => cellsOf(trace)?.length ?? 0);
  const before = counts.reduce((sum, count) => sum + count, 0);
  if (before <= most) return figure;
  const random = createRandom('points drawn');
  const kept = data.map((trace, n) => placesKept(trace, Math.floor((most * counts[n]!) / before), random));
  const drawn = kept.reduce((sum, places, n) => sum + (places?.length ?? counts[n]!), 0);
  const thinned = data.map((trace, n) => (kept[n] ? withPlaces(trace, kept[n]) : withoutValues(trace)));
  return {
    ...figure,
    data: thinned,
    ...(patients && { patients: withLinked(patients, data, kept) }),
    ...withCount(figure, { before, now: drawn, note }),
  };
}

/** The note on what is left out in place of the one before, and how many there are altogether. */
export function withCount(
  { allPoints, notes }: FigureView,
  { before, now, note }: { readonly before: number; readonly now: number; readonly note: Note },
): Pick<FigureView, 'allPoints' | 'notes'> {
  const all = allPoints ?? before;
  const former = [DRAWN(before, all), note(before, all)];
  return { allPoints: all, notes: [note(now, all), ...notes.filter((one) => !former.includes(one))] };
}

/** The values of a trace whose points are drawn one by one; undefined of lines, maps and boxes without points. */
export function cellsOf({ type, mode, boxpoints, orientation, x, y, q1 }: Trace): Cells | undefined {
  const given = type === 'box' && orientation === 'h' ? x : y;
  // A box that has its quartiles holds its points in a list of lists.
  const cells = type === 'box' && q1 !== undefined && Array.isArray(given) ? given[0] : given;
  const isDrawn = type === 'box' ? boxpoints === 'all' : type === 'scatter' && mode === 'markers';
  return isDrawn && Array.isArray(cells) ? cells : undefined;
}

/** In rising order; undefined where all are kept. */
function placesKept(trace: Trace, most: number, random: Random): readonly number[] | undefined {
  const cells = cellsOf(trace);
  if (!cells || cells.length <= most) return undefined;
  const values = hasStatistics(trace) ? [cells] : [trace.x, trace.y];
  const outermost = new Set(values.flatMap((of) => (Array.isArray(of) ? endsOf(of) : [])));
  return placesByLot(cells.length, most, random, outermost);
}

/** So many of `count` places, in rising order: those of `always` first of all, and each other one as likely as any. */
export function placesByLot(
  count: number,
  most: number,
  random: Random,
  always: ReadonlySet<number> = new Set(),
): number[] {
  let wanted = Math.max(0, most - always.size);
  let left = count - always.size;
  const places: number[] = [];
  for (let place = 0; place < count; place++) {
    if (always.has(place)) places.push(place);
    else if (random() * left-- < wanted) {
      places.push(place);
      wanted--;
    }
  }
  return places;
}

/** The places of the smallest and the largest number. */
function endsOf(cells: Cells): number[] {
  let [low, high]: (number | undefined)[] = [];
  for (const [place, cell] of cells.entries()) {
    if (typeof cell !== 'number') continue;
    if (low === undefined || cell < Number(cells[low])) low = place;
    if (high === undefined || cell > Number(cells[high])) high = place;
  }
  return [low, high].filter((place) => place !== undefined);
}

/** Fields of a trace that have a value for each point. */
const BY_POINT = ['x', 'y', 'customdata', 'text'] as const;

function withPlaces(trace: Trace, places: readonly number[]): Trace {
  if (hasStatistics(trace)) return withPointsOfBox(trace, places);
  const count = cellsOf(trace)!.length;
  const some = (cells: unknown) =>
    Array.isArray(cells) && cells.length === count ? places.map((place) => cells[place]) : cells;
  const fields = BY_POINT.flatMap((name) => (trace[name] === undefined ? [] : [[name, some(trace[name])] as const]));
  if (trace.type === 'box') return boxWithPoints(trace, Object.fromEntries(fields));
  const { marker, meta } = trace;
  const size = typeof marker === 'object' && marker !== null ? Reflect.get(marker, 'size') : undefined;
  return {
    ...trace,
    ...Object.fromEntries(fields),
    ...(hasRows(meta) && { meta: { ...meta, rows: some(meta.rows) } }),
    ...(size !== undefined && { marker: { ...marker!, size: some(size) } }),
  };
}

function hasStatistics({ type, q1 }: Trace): boolean {
  return type === 'box' && q1 !== undefined;
}

/** Of a box that had fewer points before. */
function withPointsOfBox(trace: Trace, places: readonly number[]): Trace {
  const count = cellsOf(trace)!.length;
  const fields = BY_POINT.flatMap((name) => {
    const lists = trace[name];
    const own: unknown = Array.isArray(lists) ? lists[0] : undefined;
    return Array.isArray(own) && own.length === count ? [[name, [places.map((place) => own[place])]] as const] : [];
  });
  return { ...trace, ...Object.fromEntries(fields) };
}

/** Plotly computes boxes of the points that it is given, unless their quartiles are given too. */
function boxWithPoints(trace: Trace, points: Readonly<Record<string, unknown>>): Trace {
  return {
    ...trace,
    ...Object.fromEntries(Object.entries(points).map(([name, cells]) => [name, [cells]])),
    // Of a box that has its quartiles, Plotly does not take the name for its place.
    ...(trace.name !== undefined && { [trace.orientation === 'h' ? 'y' : 'x']: [trace.name] }),
    ...statistics([cellsOf(trace)!]),
  };
}

/** Boxes behind points, which are drawn without their own: at each place the statistics of its values. */
function withoutValues(trace: Trace): Trace {
  const { type, boxpoints, orientation, x, y } = trace;
  if (type !== 'box' || boxpoints !== false || !Array.isArray(x) || !Array.isArray(y)) return trace;
  const [along, across] = orientation === 'h' ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const [places, values] = orientation === 'h' ? [y, x] : [x, y];
  const groups = Map.groupBy(values.keys(), (n) => places[n]);
  const { [across]: _, ...others } = trace;
  return {
    ...others,
    [along]: [...groups.keys()],
    ...statistics([...groups.values()].map((of) => of.map((n) => values[n]))),
  };
}

function statistics(groups: readonly Cells[]) {
  const boxes = groups.map((cells) => boxOf(cells.filter((value) => typeof value === 'number')));
  return {
    q1: boxes.map(({ q1 }) => q1),
    median: boxes.map(({ median }) => median),
    q3: boxes.map(({ q3 }) => q3),
    lowerfence: boxes.map(({ lowerFence }) => lowerFence),
    upperfence: boxes.map(({ upperFence }) => upperFence),
  };
}

/** The rows behind the points that are drawn; of cells of a map, and where traces say which rows are theirs, all. */
function withLinked(
  patients: LinkedPatients,
  data: FigureView['data'],
  kept: readonly (readonly number[] | undefined)[],
): LinkedPatients {
  const panels = patients.panels.map((panel, n) => {
    const places = kept.find((_, trace) => panelIn(data[trace]!) === n && !hasRows(data[trace]!.meta));
    return places ? { ...panel, rows: places.map((place) => panel.rows[place]!) } : panel;
  });
  return { ...patients, panels };
}

function panelIn({ meta }: Trace): unknown {
  return typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'panel') : undefined;
}

function hasRows(meta: unknown): meta is { readonly rows: unknown } {
  return typeof meta === 'object' && meta !== null && 'rows' in meta;
}
