/** The page of a notebook's dependencies as HTML without scripts: a row per cell, a line per result at its side. */

export interface GraphCell {
  /** Place in the notebook, from 0, markup cells counted. */
  readonly index: number;
  readonly source: string;
  readonly defines: readonly string[];
  /** What it uses, with the row of the cell that defines it. */
  readonly uses: readonly { readonly name: string; readonly row: number }[];
  readonly isStale: boolean;
}

const ROW_PX = 56;
const TRACK_PX = 30;
const LABEL_PX = 13;

const STYLE = `
body { padding: 12px 16px; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
main { display: flex; gap: 8px; align-items: flex-start; }
ol { list-style: none; margin: 0; padding: 0; flex: 0 1 auto; min-width: 0; max-width: 60%; }
li { height: ${ROW_PX}px; box-sizing: border-box; padding: 4px 8px; border-left: 3px solid var(--vscode-textBlockQuote-border); overflow: hidden; }
li.stale { border-left-color: var(--vscode-editorWarning-foreground); }
li a, li div { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: 22px; }
a { color: var(--vscode-textLink-foreground); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code { font-family: var(--vscode-editor-font-family); }
.names { color: var(--vscode-descriptionForeground); }
svg { flex: none; overflow: visible; }
path { fill: none; stroke: var(--vscode-charts-blue); stroke-width: 1.5; }
circle { fill: var(--vscode-charts-blue); }
text { fill: var(--vscode-foreground); font-family: var(--vscode-editor-font-family); font-size: 11px; dominant-baseline: middle; paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 4px; }
`;

/** `linkTo` gives the address that shows the cell at an index of the notebook. */
export function dependencyPage(cells: readonly GraphCell[], linkTo: (index: number) => string): string {
  const body = cells.length
    ? `<main><ol>${cells.map((cell) => rowOf(cell, cells, linkTo)).join('')}</ol>${lines(cells)}</main>`
    : '<p>This notebook has no code cells yet.</p>';
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Dependencies</title><style>${STYLE}</style></head><body><p>A line leads from the cell that makes a result to each cell that uses it.</p>${body}</body></html>`;
}

function rowOf(cell: GraphCell, cells: readonly GraphCell[], linkTo: (index: number) => string): string {
  const first = cell.source.split('\n').find((line) => line.trim() !== '') ?? '(empty)';
  const uses = cell.uses.map(({ name, row }) => `${name} of cell ${cells[row]!.index + 1}`);
  const names = [
    ...(cell.defines.length ? [`makes ${cell.defines.join(', ')}`] : []),
    ...(uses.length ? [`uses ${uses.join(', ')}`] : []),
    ...(cell.isStale ? ['out of date'] : []),
  ].join(' · ');
  return `<li${cell.isStale ? ' class="stale"' : ''}><a href="${escaped(linkTo(cell.index))}" title="${escaped(cell.source)}">${cell.index + 1}&ensp;<code>${escaped(first)}</code></a><div class="names" title="${escaped(names)}">${escaped(names)}</div></li>`;
}

/** A result's line down the page, from the cell that makes it to the last that uses it. */
interface Track {
  readonly name: string;
  readonly from: number;
  readonly users: readonly number[];
  /** Place at the side, from 0; a place is free again where its last line has ended. */
  readonly place: number;
}

function tracksOf(cells: readonly GraphCell[]): Track[] {
  const endOfPlace: number[] = [];
  return cells.flatMap((cell, from) =>
    cell.defines.flatMap((name): Track[] => {
      const users = cells.flatMap((other, row) => (other.uses.some((use) => use.name === name) ? [row] : []));
      if (users.length === 0) return [];
      const [first, last] = [Math.min(from, ...users), Math.max(from, ...users)];
      const free = endOfPlace.findIndex((end) => end < first);
      const place = free < 0 ? endOfPlace.length : free;
      endOfPlace[place] = last;
      return [{ name, from, users, place }];
    }),
  );
}

function lines(cells: readonly GraphCell[]): string {
  const tracks = tracksOf(cells);
  const y = (row: number) => row * ROW_PX + 15;
  const labelled = new Map<number, number>();
  const drawn = tracks.map(({ name, from, users, place }) => {
    const x = TRACK_PX * (place + 1);
    const rows = [from, ...users];
    const nth = labelled.get(from) ?? 0;
    labelled.set(from, nth + 1);
    const path = [
      `<path d="M 0 ${y(from)} H ${x} M ${x} ${y(Math.min(...rows))} V ${y(Math.max(...rows))}"/>`,
      ...users.map(
        (row) => `<path d="M ${x} ${y(row)} H 4"/><path d="M 9 ${y(row) - 4} L 3 ${y(row)} L 9 ${y(row) + 4}"/>`,
      ),
      `<circle cx="${x}" cy="${y(from)}" r="3"/>`,
    ].join('');
    return { path, label: `<text x="${x + 6}" y="${y(from) + LABEL_PX * (nth + 0.8)}">${escaped(name)}</text>` };
  });
  // Names stand over all lines.
  const pictures = [...drawn.map(({ path }) => path), ...drawn.map(({ label }) => label)];
  const widest = Math.max(0, ...tracks.map(({ place, name }) => TRACK_PX * (place + 1) + 7 * name.length));
  return `<svg aria-hidden="true" width="${widest + 12}" height="${cells.length * ROW_PX}">${pictures.join('')}</svg>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
