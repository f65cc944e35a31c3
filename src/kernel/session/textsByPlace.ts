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

/** A cell's texts, by which it is told later what has changed in it; it is one of the `cells`. */
export function textsOf(
  { cellId, source }: CellText,
  cells: readonly CellText[],
): Pick<CellRun, 'text' | 'byPlace' | 'besideParameters'> {
  const names = namesOfCells(cells, VERBS).find((own) => own.cellId === cellId);
  const byPlace = textsByPlace(cells).get(cellId);
  if (!names || !byPlace) throw new Error(`no cell ${cellId} is among the notebook's`);
  return { text: tokenText(source), byPlace, besideParameters: tokenText(names.besideParameters) };
}

/** Of every cell, by its id. */
export function textsByPlace(cells: readonly CellText[]): ReadonlyMap<string, TextByPlace> {
  const outlines = outlineOf(cells, VERBS);
  const places = new Map(
    outlines.flatMap(({ cellId, names }) =>
      names.filter(({ isDefinition }) => isDefinition).map(({ name }, n) => [name, `${cellId} ${n}`] as const),
    ),
  );
  return new Map(
    cells.map(({ cellId, source }, n) => {
      const starts = lineStarts(source);
      const offsets = new Set(outlines[n]!.names.map(({ span }) => starts[span.startLine]! + span.startColumn));
      const names: string[] = [];
      const words = tokenize(source).map(({ kind, value, start, startsLine }) => {
        const place = offsets.has(start) ? places.get(value) : undefined;
        if (place !== undefined) names.push(value);
        return `${startsLine ? '\n' : ''}${place === undefined ? `${kind} ${value}` : `name ${place}`}`;
      });
      return [cellId, { text: words.join('\n'), names }];
    }),
  );
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { length } of source.split('\n')) starts.push(starts.at(-1)! + length + 1);
  return starts;
}
