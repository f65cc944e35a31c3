/** Cells with the places of definitions in the place of names, so that a name may be changed everywhere and nothing else is another. */
import type { CellText } from '../../protocol/kernelApi.ts';
import { namesOfCells } from '../language/dependencies.ts';
import { outlineOf } from '../language/outline.ts';
import { tokenize } from '../language/tokens.ts';
import { VERBS } from '../verbs/index.ts';
import { type CellRun, tokenText } from './staleness.ts';

export interface TextByPlace {
  /** Words and signs; a name of the notebook is told by the cell that defines it, and by its number among that cell's names. */
  readonly text: string;
  /** The names that stand there, in the order of the text. */
  readonly names: readonly string[];
}

/** A cell's texts, by which it is told later what has changed in it. */
export type CellTexts = Pick<CellRun, 'text' | 'byPlace' | 'besideParameters'>;

let last: { readonly cells: readonly CellText[]; readonly texts: ReadonlyMap<string, CellTexts> } | undefined;

/**
 * Of every cell, by its id. What was read of the last notebook is remembered: its cells are run one after another, and each
 * run asks again.
 */
export function textsOf(cells: readonly CellText[]): ReadonlyMap<string, CellTexts> {
  if (last && areSame(last.cells, cells)) return last.texts;
  const texts = readTexts(cells);
  last = { cells: cells.map(({ cellId, source }) => ({ cellId, source })), texts };
  return texts;
}

function areSame(some: readonly CellText[], others: readonly CellText[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ cellId, source }, n) => cellId === others[n]!.cellId && source === others[n]!.source)
  );
}

function readTexts(cells: readonly CellText[]): ReadonlyMap<string, CellTexts> {
  const names = namesOfCells(cells, VERBS);
  const byPlace = textsByPlace(cells);
  return new Map(
    cells.map(({ cellId, source }, n) => [
      cellId,
      { text: tokenText(source), byPlace: byPlace[n]!, besideParameters: tokenText(names[n]!.besideParameters) },
    ]),
  );
}

/** In the order of the notebook. */
function textsByPlace(cells: readonly CellText[]): TextByPlace[] {
  const outlines = outlineOf(cells, VERBS);
  const places = new Map(
    outlines.flatMap(({ cellId, names }) =>
      names.filter(({ isDefinition }) => isDefinition).map(({ name }, n) => [name, `${cellId} ${n}`] as const),
    ),
  );
  return cells.map(({ source }, n) => {
    const starts = lineStarts(source);
    const offsets = new Set(outlines[n]!.names.map(({ span }) => starts[span.startLine]! + span.startColumn));
    const names: string[] = [];
    const words = tokenize(source).map(({ kind, value, start, startsLine }) => {
      const place = offsets.has(start) ? places.get(value) : undefined;
      if (place !== undefined) names.push(value);
      return `${startsLine ? '\n' : ''}${place === undefined ? `${kind} ${value}` : `name ${place}`}`;
    });
    return { text: words.join('\n'), names };
  });
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { length } of source.split('\n')) starts.push(starts.at(-1)! + length + 1);
  return starts;
}
