/** Which files are of one series: by their SeriesInstanceUID, unless an anonymising program gave single images one of their own. */
import type { FoundFile } from '../files/scan.ts';
import { evennessOf, frameOf, placed } from './evidence.ts';
import { hasGeometry } from './seriesStacks.ts';

/** Fewer images than this are no series that could be measured by itself. */
const FEW = 10;

/** In the order of the series' numbers. */
export function groupBySeries(files: readonly FoundFile[]): (readonly FoundFile[])[] {
  const byUid = [...Map.groupBy(files, ({ header }) => header.seriesInstanceUid).values()];
  const isFew = (group: readonly FoundFile[]) => group.length < FEW && group.every(canBeSlice);
  const few = byUid.filter(isFew).flat();
  const groups: (readonly FoundFile[])[] = byUid.filter((group) => !isFew(group));
  for (const strays of Map.groupBy(few, likeness).values()) {
    const at = groups.findIndex((group) => likeness(group[0]!) === likeness(strays[0]!) && belong(group, strays));
    if (at !== -1) groups[at] = [...groups[at]!, ...strays];
    // Single images that are a series only together; of others each is said to be too short.
    else if (strays.length >= FEW && isEven(strays)) groups.push(strays);
    else groups.push(...Map.groupBy(strays, ({ header }) => header.seriesInstanceUid).values());
  }
  return groups.sort((a, b) => (a[0]!.header.seriesNumber ?? 0) - (b[0]!.header.seriesNumber ?? 0));
}

function canBeSlice(file: FoundFile): boolean {
  const { modality, imageType, isCapture } = file.header;
  return hasGeometry(file) && (modality ?? 'CT') === 'CT' && !imageType.includes('LOCALIZER') && !isCapture;
}

/** What images of one series share, whatever their UIDs are. */
function likeness({ header }: FoundFile): string {
  const { studyInstanceUid, seriesNumber, description, rows, columns } = header;
  return JSON.stringify([studyInstanceUid, seriesNumber, description, rows, columns]);
}

/** True where the strays fill places of the series that are empty, so that all lie at least as evenly as before. */
function belong(series: readonly FoundFile[], strays: readonly FoundFile[]): boolean {
  const located = series.filter(hasGeometry);
  return located.length > 0 && irregularities([...located, ...strays]) <= irregularities(located);
}

function isEven(files: readonly FoundFile[]): boolean {
  return irregularities(files) <= files.length / 2;
}

function irregularities(files: readonly FoundFile[]): number {
  return evennessOf(placed(files, frameOf(files))).irregularities;
}
