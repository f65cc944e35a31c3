/**
 * Which masks are drawn on which CT: by the UIDs of DICOM, else by the patient's label in the names of the folders and
 * the file that a mask lies in. Where there is one CT and one mask, they belong together.
 */
import { naturally } from '../base/naturally.ts';
import { labelOfFileName } from './fileNames.ts';
import type { MaskFile } from './maskFile.ts';

/** What tells a CT. UIDs are those of DICOM, and never leave memory. */
export interface CtIdentity {
  readonly patient: string;
  readonly series: string;
  readonly seriesUid?: string | undefined;
  readonly studyUid?: string | undefined;
  readonly frameOfReferenceUid?: string | undefined;
  readonly patientId?: string | undefined;
}

export interface MatchedMasks {
  /** For each CT, in the order of `cts`. */
  readonly of: readonly (readonly MaskFile[])[];
  /** Masks of no CT. */
  readonly unmatched: readonly MaskFile[];
}

export function matchMasks(files: readonly MaskFile[], cts: readonly CtIdentity[]): MatchedMasks {
  const of = cts.map((): MaskFile[] => []);
  const unmatched: MaskFile[] = [];
  const labels = [...new Set(cts.map(({ patient }) => patient))];
  for (const file of files) {
    const fitting = cts.filter(
      (ct) => ct === byUids(file, cts) || (!byUids(file, cts) && isOfPatient(file, ct, labels)),
    );
    for (const ct of fitting) of[cts.indexOf(ct)]!.push(file);
    if (fitting.length === 0) unmatched.push(file);
  }
  const owners = new Set(unmatched.map(({ owner }) => owner.label));
  // One CT, and masks that can be of nobody else.
  if (cts.length === 1 && of[0]!.length === 0 && (owners.size === 1 || isOneSet(unmatched)))
    return { of: [unmatched], unmatched: [] };
  return { of, unmatched };
}

/** Files side by side that are one structure each are the masks of one patient, as TotalSegmentator writes them. */
function isOneSet(files: readonly MaskFile[]): boolean {
  const structures = files.flatMap(({ segments }) => segments.map(({ structure }) => structure));
  return (
    files.every(({ segments, owner }) => segments.length === 1 && owner.path.length === 1) &&
    new Set(structures).size === structures.length
  );
}

/** The CT that a DICOM mask says it was drawn on. */
function byUids({ owner }: MaskFile, cts: readonly CtIdentity[]): CtIdentity | undefined {
  const bySeries = cts.find(({ seriesUid }) => seriesUid !== undefined && owner.seriesUids?.includes(seriesUid));
  if (bySeries) return bySeries;
  const { frameOfReferenceUid: frame, studyUid } = owner;
  const sameFrame = cts.filter(
    (ct) => frame !== undefined && ct.frameOfReferenceUid === frame && ct.studyUid === studyUid,
  );
  return sameFrame.length === 1 ? sameFrame[0] : undefined;
}

function isOfPatient({ owner }: MaskFile, { patient, series }: CtIdentity, labels: readonly string[]): boolean {
  // Our own exports write what no file system takes as %2F.
  const [stem, ...above] = owner.path.map(labelOfFileName).reverse();
  const folders = above.reverse();
  if (stem === undefined) return false;
  const inFolder = folders.findLast((folder) => labels.includes(folder));
  const named = inFolder ?? labelIn(stem, labels);
  if (named !== patient) return false;
  // A folder or a file may name one of several series.
  const ofSeries = [...folders, stem].map((part) => /series-\d+(-\d+)?/.exec(part)?.[0]).find(Boolean);
  return ofSeries === undefined || ofSeries === series;
}

/** The longest label that the name is, begins with or ends with, at a sign. */
function labelIn(stem: string, labels: readonly string[]): string | undefined {
  const isSign = (character: string | undefined) => character === undefined || !/[\p{L}\p{N}]/u.test(character);
  return labels
    .filter(
      (label) =>
        (stem.startsWith(label) && isSign(stem[label.length])) ||
        (stem.endsWith(label) && isSign(stem[stem.length - label.length - 1])),
    )
    .sort((a, b) => b.length - a.length || naturally(a, b))[0];
}
