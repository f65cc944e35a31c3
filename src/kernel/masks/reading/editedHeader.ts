/** What the header of a NRRD file says of its map having been edited by hand. */
import type { SourceReader } from '../../ct/files/sources.ts';
import type { VolumeFile } from '../../ct/formats/volumeFile.ts';
import { beforeIn, type EditRecord, recordIn } from '../editing/editRecord.ts';
import type { Differences } from '../editing/labelEdits.ts';

/** As far as headers are read. */
const HEADER_BYTES = 1024 * 1024;

async function headerOf({ source }: Pick<VolumeFile, 'source'>, reader: SourceReader): Promise<string> {
  return (await reader.read(source, HEADER_BYTES)).toString('utf8');
}

/** Undefined for a file of another form or maker. */
export async function editRecordOf(
  volume: Pick<VolumeFile, 'source' | 'format'>,
  reader: SourceReader,
): Promise<EditRecord | undefined> {
  return volume.format === 'nrrd' ? recordIn(await headerOf(volume, reader)) : undefined;
}

/** What the voxels were that were edited; undefined where the file does not keep it. */
export async function labelsBefore(
  source: VolumeFile['source'],
  reader: SourceReader,
): Promise<Differences | undefined> {
  return beforeIn(await headerOf({ source }, reader));
}
