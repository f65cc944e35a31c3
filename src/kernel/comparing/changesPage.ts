/** The changes between two notebooks as one HTML file without a program, in the colours of the reader's system. */
import { escapeHtml } from '../../protocol/htmlPage.ts';
import { RESEARCH_ONLY } from '../../protocol/views/viewKind.ts';
import type { CellChange, LineChange, Moved, NotebookChanges, ResultChange } from './changes.ts';
import { cellHeading, changesSummary, NOTHING, SIGNS } from './changesText.ts';

const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --new: #1a7f3726; --gone: #cf222e26; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 1rem; } h3 { font-size: 1rem; }
pre { border: 1px solid var(--line); border-radius: 4px; padding: .5rem 0; overflow-x: auto; }
pre span { display: block; padding: 0 .75rem; } .new { background: var(--new); } .gone { background: var(--gone); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
`;

/** `names` are those of the two files. */
export function changesPage(changes: NotebookChanges, names: readonly [before: string, after: string]): string {
  const title = `${names[0]} and ${names[1]}: what differs`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(changesSummary(changes))}</p>
${changes.madeWith.length ? `<h2>Made with</h2>\n${movedTable(changes.madeWith)}` : ''}
${changes.cells.map(cellPart).join('\n')}
</main>
<footer>${RESEARCH_ONLY}</footer>
</body>
</html>
`;
}

function cellPart(cell: CellChange): string {
  return [`<h2>${escapeHtml(cellHeading(cell))}</h2>`, linesPart(cell.lines), ...cell.results.map(resultPart)].join(
    '\n',
  );
}

function linesPart(lines: readonly LineChange[]): string {
  if (lines.length === 0) return '';
  const marked = lines.map(({ state, text }) => `<span class="${state}">${SIGNS[state]} ${escapeHtml(text)}</span>`);
  return `<pre tabindex="0" aria-label="Lines of the cell: - is of the first notebook, + of the second">${marked.join('')}</pre>`;
}

function resultPart({ title, state, moved, notes }: ResultChange): string {
  return [
    `<h3>${escapeHtml(title)}${state === 'changed' ? '' : `: ${state}`}</h3>`,
    moved.length ? movedTable(moved) : '',
    notes.length ? `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : '',
  ].join('\n');
}

function movedTable(moved: readonly Moved[]): string {
  const rows = moved.map(
    ({ what, before, after, by = '' }) =>
      `<tr><th scope="row">${escapeHtml(what)}</th>${[before || NOTHING, after || NOTHING, by].map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="group" aria-label="What moved"><table><thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">By</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
