/** Masks file by file, with what their labels stand for. */
import type { Provenance, TableView } from '../../protocol/view.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { spacingMm } from '../ct/geometry/volume.ts';
import { editInWords } from '../masks/editing/editRecord.ts';
import type { Masks } from '../masks/maskFile.ts';

const KINDS = { volume: 'label map', seg: 'DICOM SEG', rtstruct: 'RTSTRUCT' } as const;
const ROWS_SHOWN = 1000;
const STRUCTURES_SHOWN = 12;

export function masksView({ files }: Masks, title: string, provenance: Provenance): TableView {
  const anyEdited = files.some(({ edited }) => edited !== undefined && edited.changedVoxels > 0);
  return {
    type: 'table',
    title: `${title}: ${counted(files.length, 'file')}`,
    columns: [
      {
        name: 'patient',
        label: 'Label',
        kind: 'text',
        description: 'The folder or the file; which CT it belongs to is told when it is used',
      },
      { name: 'kind', label: 'Kind', kind: 'text' },
      { name: 'size', label: 'Voxels', kind: 'text' },
      { name: 'spacing_mm', label: 'Spacing', kind: 'text', unit: 'mm' },
      { name: 'structures', label: 'Structures', kind: 'prose' },
      ...(anyEdited ? [{ name: 'edited', label: 'Edited by hand', kind: 'prose' } as const] : []),
    ],
    rows: files.slice(0, ROWS_SHOWN).map(({ owner, kind, grid, segments, edited }) => [
      owner.label,
      KINDS[kind],
      grid?.size.join(' × ') ?? null,
      grid
        ? spacingMm(grid)
            .map((mm) => Number(mm.toPrecision(3)))
            .join(' × ')
        : null,
      atMost(
        segments.map(({ key, structure }) => (segments.length > 1 ? `${key} ${structure}` : structure)),
        STRUCTURES_SHOWN,
      ),
      ...(anyEdited ? [edited?.changedVoxels ? editInWords(edited) : null] : []),
    ]),
    totalRows: files.length,
    notes: [],
    messages: [],
    researchOnly: false,
    provenance,
  };
}
