/** When DICOM files were made that lie where new ones are to be written: what has not changed keeps its date, to the byte. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDicom } from '../../../ct/dicom/dicomFile.ts';
import { namedTags, tagText } from '../../../ct/dicom/dicomTags.ts';
import { readElements } from '../../../ct/dicom/readElements.ts';
import { readStart } from '../../../ct/files/sources.ts';
import type { ContentTime } from './instance.ts';

/** The tags before the modality, which ours have within this. */
const START_BYTES = 2048;
const MODALITY = '00080060';

/** By the UID of the instance; empty where there is no folder. Files that cannot be read have no date to keep. */
export async function contentTimesIn(folder: string): Promise<Record<string, ContentTime>> {
  const names = await readdir(folder).catch(() => []);
  const times = await Promise.all(
    names.filter((name) => name.endsWith('.dcm')).map((name) => contentTimeOf(join(folder, name)).catch(() => [])),
  );
  return Object.fromEntries(times.flat());
}

async function contentTimeOf(file: string): Promise<(readonly [string, ContentTime])[]> {
  const start = await readStart(file, START_BYTES);
  if (!isDicom(start)) return [];
  const tags = namedTags(readElements(start, { untilTag: MODALITY, includeUntilTagValue: false }).elements);
  const [uid, date, time] = [tags.SOPInstanceUID, tags.ContentDate, tags.ContentTime].map(tagText);
  return uid && date && time ? [[uid, { date, time }]] : [];
}

/** A moment as DICOM writes it, in UTC. */
export function contentTime(milliseconds: number): ContentTime {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  return { date: date.replaceAll('-', ''), time: time.slice(0, 8).replaceAll(':', '') };
}
