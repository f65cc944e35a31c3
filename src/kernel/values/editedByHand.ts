/** What results say of masks that were edited by hand, from `load` to the last table that is made of them. */
import type { Provenance } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import { isModel, type Measuring } from '../lungs/means.ts';
import { type EditRecord, mlInWords, sinceInWords } from '../masks/editing/editRecord.ts';
import type { MaskFile } from '../masks/maskFile.ts';

/** For provenance: a line for each layer and each model whose maps were edited; nothing where no voxel was. */
export function editedByHand(records: readonly EditRecord[]): Pick<Provenance['parameters'], 'editedByHand'> {
  const changed = records.filter(({ changedVoxels }) => changedVoxels > 0);
  const groups = Map.groupBy(changed, (record) => `${record.layer} ${sinceInWords(record)}`);
  const lines = [...groups.values()].map((own) => {
    const first = own[0]!;
    const voxels = own.reduce((sum, { changedVoxels }) => sum + changedVoxels, 0);
    const ml = own.reduce((sum, { changedMl }) => sum + changedMl, 0);
    return `${first.layer} of ${counted(own.length, 'CT')}, ${counted(voxels, 'voxel')} (${mlInWords(ml)}) changed since ${sinceInWords(first)}`;
  });
  return lines.length ? { editedByHand: lines.sort() } : {};
}

export function recordsOf(files: readonly Pick<MaskFile, 'edited'>[]): EditRecord[] {
  return files.flatMap(({ edited }) => edited ?? []);
}

/** Of the maps that a CT was measured with. */
export function recordsMeasured({ lobes, textures }: Pick<Measuring, 'lobes' | 'textures'>): EditRecord[] {
  const of = (by: Measuring['lobes'], layer: EditRecord['layer']) =>
    isModel(by) ? [] : recordsOf(by.files).filter((record) => record.layer === layer);
  return [...of(lobes, 'lobes'), ...of(textures, 'textures')];
}
