/** Which of the found files belong to which patient, by folders, files and tags, with labels that are never a person's. */

import { basename, relative, sep } from 'node:path';
import type { Remark } from '../../../protocol/remark.ts';
import { rememberNames } from '../../base/fileNames.ts';
import { warning } from '../../base/remarks.ts';
import { isImage } from '../dicom/dicomSeries.ts';
import type { Found, FoundFile } from '../files/scan.ts';
import type { VolumeFile } from '../formats/volumeFile.ts';
import type { Source } from './cohort.ts';
import { labelOf } from './labelOf.ts';

export interface PatientGroup {
  readonly label: string;
  readonly dicom: readonly FoundFile[];
  readonly volumes: readonly VolumeFile[];
}

/** What anonymising programs write for everybody: it tells nobody apart. */
const PLACEHOLDER_ID = /^(anon\w*|unknown|none|no ?id|patient|de-?identified|removed|test|[0x*-]+)$/i;

/**
 * One group per sub-folder, zip file or volume file of the root. A folder with several PatientIDs is split; several
 * sub-folders that share one are one patient, called by the root's name. Folders that all files share name nobody.
 */
export function groupByPatient(
  root: string,
  { dicom, volumes }: Found,
): { groups: PatientGroup[]; problems: Remark[] } {
  const rootLabel = labelOf(basename(root));
  const identity = identities(dicom);
  const ids = new Set(dicom.map(identity));
  const place = placeIn(root, rootLabel, [...dicom, ...volumes], ids.size > 1);
  const places = new Set(dicom.map((f) => place(f.source)));
  const onePatient = places.size > 1 && ids.size === 1 && dicom.every(({ header }) => isTelling(header.patientId));
  const groups = new Map<string, { dicom: FoundFile[]; volumes: VolumeFile[] }>();
  const groupOf = (label: string) => {
    const group = groups.get(label) ?? { dicom: [], volumes: [] };
    groups.set(label, group);
    return group;
  };
  for (const file of dicom) groupOf(onePatient ? rootLabel : place(file.source)).dicom.push(file);
  for (const volume of volumes) {
    const { file, zipEntry } = volume.source;
    const parts = zipEntry === undefined ? relative(root, file).split(sep) : [];
    // Volume files side by side in the root are one patient each.
    const flat = zipEntry === undefined ? parts.length === 1 : file === root && !zipEntry.includes('/');
    groupOf(flat ? labelOf(basename(zipEntry ?? file)) : place(volume.source)).volumes.push(volume);
  }
  const problems: Remark[] = onePatient ? [oneForAll(rootLabel, [...places])] : [];
  const split = [...groups].flatMap(([label, group]) => splitByPatientId(label, group, problems));
  return { groups: split, problems };
}

/** Groups called `label`-1 and so on in the order of their PatientID, where there are no folders to name them by. */
export function groupByNumber(label: string, found: Found): { groups: PatientGroup[]; problems: Remark[] } {
  const groups = byPatientId(label, found);
  const names = groups.length === 1 ? `${label}-1` : `${label}-1 to ${label}-${groups.length}`;
  const problem = warning(
    'numbered-patients',
    `${groups.length === 1 ? 'The patient is' : 'The patients are'} called ${names}, in the order of their PatientID, which is not shown. A manifest gives names of yours: a table with the columns patient and path, with the address of a study as the path.`,
  );
  return { groups, problems: [problem] };
}

/** How sources are labelled by where they lie: their first folder below what all share, or their zip file. */
function placeIn(
  root: string,
  rootLabel: string,
  found: readonly { readonly source: Source }[],
  severalPatients: boolean,
): (source: Source) => string {
  const inRoot = ({ file, zipEntry }: Source) => zipEntry !== undefined && file === root;
  const pathOf = (source: Source) =>
    inRoot(source) ? source.zipEntry! : relative(root, source.file).split(sep).join('/');
  const paths = found.map(({ source }) => pathOf(source));
  const isZipRoot = found.some(({ source }) => inRoot(source));
  // One sub-folder alone is a patient's; it names none only where several patients are in it.
  const shared = isZipRoot || severalPatients ? sharedFolder(paths) : '';
  return (source) => {
    const parts = pathOf(source).slice(shared.length).split('/');
    const isZipFile = source.zipEntry !== undefined && !inRoot(source);
    return parts.length > 1 || isZipFile ? labelOf(parts[0]!) : rootLabel;
  };
}

/** The folder, with its final slash, in which all of these paths lie; empty where they share none. */
function sharedFolder(paths: readonly string[]): string {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  let shared = folderOf(paths[0] ?? '');
  while (!paths.every((path) => path.startsWith(shared))) shared = folderOf(shared.slice(0, -1));
  return shared;
}

function splitByPatientId(
  label: string,
  group: { dicom: FoundFile[]; volumes: VolumeFile[] },
  problems: Remark[],
): PatientGroup[] {
  const split = byPatientId(label, group);
  if (split.length === 1) return [{ label, ...group }];
  problems.push(
    warning(
      'mixed-patients',
      `"${label}" mixes ${split.length} patients. They are called ${label}-1 to ${label}-${split.length} in the order of their PatientID, which is not shown; one sub-folder per patient, or a manifest (a table with the columns patient and path), gives them names of yours.`,
    ),
  );
  return split;
}

/** One group per person, numbered in the order of their PatientID; volume files, which have none, go with the first. */
function byPatientId(label: string, { dicom, volumes }: Pick<Found, 'dicom' | 'volumes'>): PatientGroup[] {
  const identity = identities(dicom);
  const byId = new Map<string, FoundFile[]>();
  for (const file of dicom) {
    const id = identity(file);
    const files = byId.get(id);
    if (files) files.push(file);
    else byId.set(id, [file]);
  }
  const ids = byId.size ? [...byId.keys()].sort() : [''];
  return ids.map((id, n) => ({
    label: `${label}-${n + 1}`,
    dicom: byId.get(id) ?? [],
    volumes: n === 0 ? volumes : [],
  }));
}

/** How many persons some files are of, by their tags. */
export function patientCount(dicom: readonly FoundFile[]): number {
  return new Set(dicom.map(identities(dicom))).size;
}

function isTelling(patientId: string | undefined): patientId is string {
  return patientId !== undefined && !PLACEHOLDER_ID.test(patientId);
}

/**
 * Tells persons apart: by the PatientID of a file, or of its series where the file has lost it; where it is missing or
 * the same for everybody, by name, birth date and sex. A damaged file without any of them belongs to the first person.
 */
function identities(dicom: readonly FoundFile[]): (file: FoundFile) => string {
  const ofSeries = new Map<string | undefined, string>();
  for (const { header } of dicom)
    if (isTelling(header.patientId) && !ofSeries.has(header.seriesInstanceUid))
      ofSeries.set(header.seriesInstanceUid, header.patientId);
  const own = ({ header }: FoundFile) =>
    isTelling(header.patientId)
      ? header.patientId
      : (ofSeries.get(header.seriesInstanceUid) ?? header.person ?? header.patientId);
  const first =
    dicom
      .filter(isImage)
      .map(own)
      .find((id) => id !== undefined) ?? '';
  return (file) => own(file) ?? (isImage(file) ? '' : first);
}

/** Said where several folders become one patient. */
function oneForAll(label: string, places: readonly string[]): Remark {
  const words = `${places.length} folders`;
  rememberNames(words, places);
  return warning(
    'one-patient',
    `${words} have the same PatientID, and are taken for one patient with several series, called ${label}. If they are different people, say so by a manifest: a table with the columns patient and path.`,
  );
}
