/** Where the names of results and parameters stand in the cells of a notebook. */
import * as vscode from 'vscode';
import type { CellOutline, NameOccurrence } from '../protocol/kernelApi.ts';
import { askAbout, rangeOf } from './asked.ts';
import type { Kernels } from './kernels.ts';

export interface NamePlace {
  readonly uri: vscode.Uri;
  readonly occurrence: NameOccurrence;
}

/** What the cells of the document's notebook consist of; nothing where no kernel answers. */
export async function outlines(kernels: Kernels, document: vscode.TextDocument): Promise<readonly CellOutline[]> {
  const asked = askAbout(kernels, document);
  return (await asked?.ask('outline', { cells: asked.cells })) ?? [];
}

/** What the document's own cell consists of. */
export async function outlineOf(kernels: Kernels, document: vscode.TextDocument): Promise<CellOutline | undefined> {
  return (await outlines(kernels, document)).find(({ cellId }) => cellId === document.uri.toString());
}

/** Every place of the name at the position, in all cells; none where no name stands there. */
export async function placesAt(
  kernels: Kernels,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<NamePlace[]> {
  const all = (await outlines(kernels, document)).flatMap(({ cellId, names }) =>
    names.map((occurrence) => ({ uri: vscode.Uri.parse(cellId), occurrence })),
  );
  const here = placeAt(all, document, position);
  return here ? all.filter(({ occurrence }) => occurrence.name === here.occurrence.name) : [];
}

/** Of several places that at the position. */
export function placeAt(
  places: readonly NamePlace[],
  document: vscode.TextDocument,
  position: vscode.Position,
): NamePlace | undefined {
  return places.find(
    ({ uri, occurrence }) => uri.toString() === document.uri.toString() && rangeOf(occurrence.span).contains(position),
  );
}
