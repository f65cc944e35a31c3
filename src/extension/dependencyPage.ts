/** The page of a notebook's dependencies as HTML without scripts: a row per cell, arcs at its side. */

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
/** Space of an arc that spans one row, and of each row more. */
const ARC_PX = { first: 24, more: 12, most: 220 };

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
text { fill: var(--vscode-foreground); font-family: var(--vscode-editor-font-family); font-size: 11px; dominant-baseline: middle; }
`;

/** `linkTo` gives the address that shows the cell at an index of the notebook. */
export function dependencyPage(cells: readonly GraphCell[], linkTo: (index: number) => string): string {
  const body = cells.length
    ? `<main><ol>${cells.map((cell) => rowOf(cell, cells, linkTo)).join('')}</ol>${arcs(cells)}</main>`
    : '<p>This notebook has no code cells yet.</p>';
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Dependencies</title><style>${STYLE}</style></head><body><p>An arc leads from the cell that makes a result to each cell that uses it.</p>${body}</body></html>`;
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

/** Arcs of the same result between the same cells are one, with one label. */
function arcs(cells: readonly GraphCell[]): string {
  const all = cells.flatMap((cell, to) => [...new Set(cell.uses.map(({ row }) => row))].map((from) => ({ from, to })));
  const bulge = ({ from, to }: { from: number; to: number }) =>
    Math.min(ARC_PX.most, ARC_PX.first + ARC_PX.more * (Math.abs(to - from) - 1));
  const width = Math.max(0, ...all.map(bulge)) + 120;
  const centre = (row: number) => row * ROW_PX + 16;
  const drawn = all.map((arc) => {
    const names = cells[arc.to]!.uses.filter(({ row }) => row === arc.from).map(({ name }) => name);
    const [y0, y1, x] = [centre(arc.from), centre(arc.to), bulge(arc)];
    return `<path d="M 4 ${y0} C ${x * 1.33} ${y0}, ${x * 1.33} ${y1}, 4 ${y1}"/><circle cx="4" cy="${y1}" r="3"/><text x="${x + 4}" y="${(y0 + y1) / 2}">${escaped(names.join(', '))}</text>`;
  });
  return `<svg aria-hidden="true" width="${width}" height="${cells.length * ROW_PX}">${drawn.join('')}</svg>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
