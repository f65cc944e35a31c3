/** The changes between two notebooks for a terminal. */
import { visibleText } from '../../protocol/words/visibleText.ts';
import { counted } from '../base/counted.ts';
import type { CellChange, LineChange, Moved, NotebookChanges, ResultChange } from './changes.ts';

/** So many figures of one result are listed; `all` lists every one. */
const LISTED = 20;

export function changesText(changes: NotebookChanges, all: boolean): string {
  const lines = [
    changesSummary(changes),
    ...changes.madeWith.map((moved) => `  ${movedText(moved)}`),
    ...changes.cells.flatMap((cell) => ['', ...cellLines(cell, all)]),
  ];
  return visibleText(lines.join('\n'));
}

/** "2 cells edited, 1 new; 14 figures moved in 3 results." */
export function changesSummary({ cells, madeWith }: NotebookChanges): string {
  if (cells.length + madeWith.length === 0)
    return 'The notebooks are the same: cells, results, and what they were made with.';
  const edited = cells.filter(({ state, lines }) => state === 'changed' && lines.length > 0).length;
  const counts = (['new', 'gone'] as const).map(
    (side) => [side, cells.filter(({ state }) => state === side).length] as const,
  );
  const inCells = [
    ...(edited ? [`${counted(edited, 'cell')} edited`] : []),
    ...counts.flatMap(([side, count]) => (count ? [`${counted(count, 'cell')} ${side}`] : [])),
  ];
  const results = cells.flatMap((cell) => cell.results);
  const moved = results.reduce((sum, result) => sum + result.moved.length, 0);
  const parts = [
    inCells.join(', '),
    results.length ? `${counted(results.length, 'result')} changed, with ${counted(moved, 'figure')} moved` : '',
    madeWith.length ? `made with other ${kinds(madeWith).join(' and ')}` : '',
  ].filter((part) => part !== '');
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** "models", "inputs", "software", by the first word of what moved. */
function kinds(madeWith: readonly Moved[]): string[] {
  const words = { Software: 'software', Model: 'models', Input: 'inputs' };
  return Object.entries(words).flatMap(([first, word]) =>
    madeWith.some(({ what }) => what.split(' ')[0] === first) ? [word] : [],
  );
}

function cellLines({ lines, results, ...cell }: CellChange, all: boolean): string[] {
  return [
    cellHeading({ lines, ...cell }),
    ...lines.map((line) => `  ${SIGNS[line.state]} ${line.text}`),
    ...results.flatMap((result) => resultLines(result, all)),
  ];
}

export const SIGNS: Readonly<Record<LineChange['state'], string>> = { same: ' ', new: '+', gone: '-' };

/** "Cell 3 (was 2): edited". */
export function cellHeading({ state, before, after, lines }: Omit<CellChange, 'results' | 'kind'>): string {
  const was = before !== undefined && after !== undefined && before !== after ? ` (was ${before})` : '';
  const what = state !== 'changed' ? state : lines.length ? 'edited' : 'other results';
  return `Cell ${after ?? before}${was}: ${what}`;
}

function resultLines({ title, state, moved, notes }: ResultChange, all: boolean): string[] {
  const listed = all ? moved : moved.slice(0, LISTED);
  const more = moved.length - listed.length;
  return [
    `  ${title}${state === 'changed' ? '' : `: ${state}`}`,
    ...listed.map((one) => `    ${movedText(one)}`),
    ...(more > 0 ? [`    and ${counted(more, 'more figure')}: --all lists them`] : []),
    ...notes.map((note) => `    ${note}`),
  ];
}

function movedText({ what, before, after, by }: Moved): string {
  return `${what}: ${before || NOTHING} → ${after || NOTHING}${by === undefined ? '' : `  (${by})`}`;
}

/** What stands for a value that is not there. */
export const NOTHING = '–';
