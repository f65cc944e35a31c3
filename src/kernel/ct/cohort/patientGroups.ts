/** Which of the found files belong to which patient, by folders, files and tags, with labels that are never a person's. */

import { basename, relative, sep } from 'node:path';
import type { Remark } from '../../../protocol/remark.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { rememberNames } from '../../base/fileNames.ts';
import { warning } from '../../base/remarks.ts';
import { visitBehind } from '../../base/visitName.ts';
import { isImage } from '../dicom/dicomSeries.ts';
import type { Found, FoundFile } from '../files/scan.ts';
import type { VolumeFile } from '../formats/volumeFile.ts';
import { type GivenVisit, type Layout, layoutOf, type MayBeOne, type Place } from '../visits/layout.ts';
import type { Source } from './cohort.ts';
import { identitiesOf, isTelling } from './identities.ts';
import { labelOf } from './labelOf.ts';

const NAMES_SHOWN = 3;

export interface PatientGroup {
  readonly label: string;
  readonly dicom: readonly FoundFile[];
  readonly volumes: readonly VolumeFile[];
  /** What folders, or a manifest, say of the visit that a file is of. */
  readonly visitOf?: (source: Source) => GivenVisit | undefined;
}

/**
 * One group per sub-folder, zip file or volume file of the root. A folder with several PatientIDs is split; several
 * sub-folders that share one are one patient, called by the root's name. Folders that all files share name nobody.
 */
export function groupByPatient(
  root: string,
  { dicom, volumes }: Found,
): { groups: PatientGroup[]; problems: Remark[] } {
  const rootLabel = labelOf(basename(root));
  const identities = identitiesOf(dicom);
  const ids = new Set(dicom.map(identities.of));
  const placeOf = placeIn(root, rootLabel, [...dicom, ...volumes], ids.size > 1);
  const isOnePerson = dicom.length > 0 && ids.size === 1 && dicom.every(({ header }) => isTelling(header.patientId));
  const layout = layoutOf(
    [...dicom.map(({ source }) => placeOf(source)), ...volumes.map(({ source }) => placeOf(source, true))],
    isOnePerson,
    mayBeOne(dicom, ({ source }) => placeOf(source).label),
  );
  const place = (source: Source, isVolume = false) => layout.of(placeOf(source, isVolume)).patient ?? rootLabel;
  const places = new Set(dicom.map((f) => place(f.source)));
  const onePatient = places.size > 1 && isOnePerson;
  const groups = new Map<string, { dicom: FoundFile[]; volumes: VolumeFile[] }>();
  const groupOf = (label: string) => {
    const group = groups.get(label) ?? { dicom: [], volumes: [] };
    groups.set(label, group);
    return group;
  };
  for (const file of dicom) groupOf(onePatient ? rootLabel : place(file.source)).dicom.push(file);
  for (const volume of volumes) groupOf(place(volume.source, true)).volumes.push(volume);
  const problems: Remark[] = onePatient ? [oneForAll(rootLabel, [...places])] : [];
  if (identities.shareAnId) problems.push(sharedId());
  if (!onePatient) problems.push(...foldersOfOne(dicom, (file) => place(file.source), identities.of));
  const split = [...groups].flatMap(([label, group]) => splitByPatientId(label, group, problems));
  problems.push(...unknownPeople(split), ...visitsApart(layout));
  const volumeSources = new Set(volumes.map(({ source }) => source));
  const visitOf = (source: Source) => layout.of(placeOf(source, volumeSources.has(source))).visit;
  return { groups: split.map((group) => ({ ...group, visitOf })), problems };
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
): (source: Source, isVolume?: boolean) => Place {
  const inRoot = ({ file, zipEntry }: Source) => zipEntry !== undefined && file === root;
  const pathOf = (source: Source) =>
    inRoot(source) ? source.zipEntry! : relative(root, source.file).split(sep).join('/');
  const paths = found.map(({ source }) => pathOf(source));
  const isZipRoot = found.some(({ source }) => inRoot(source));
  // One sub-folder alone is a patient's; it names none only where several patients are in it.
  const shared = isZipRoot || severalPatients ? sharedFolder(paths) : '';
  return (source, isVolume = false) => {
    const { file, zipEntry } = source;
    const parts = pathOf(source).slice(shared.length).split('/');
    const isZipFile = zipEntry !== undefined && !inRoot(source);
    const own = labelOf(basename(zipEntry ?? file));
    // Volume files side by side in the root are one patient each.
    const isFlat =
      zipEntry === undefined ? relative(root, file).split(sep).length === 1 : inRoot(source) && !zipEntry.includes('/');
    const label = isVolume && isFlat ? own : parts.length > 1 || isZipFile ? labelOf(parts[0]!) : rootLabel;
    const above = [...parts, ...(isZipFile ? zipEntry.split('/') : [])].slice(0, -1).map(labelOf);
    return { label, folders: isVolume ? [...above, own] : above };
  };
}

/** Files of two labels may be of one person unless their PatientIDs tell them apart: `ID7_v1` and `ID7_v2` do not. */
function mayBeOne(dicom: readonly FoundFile[], labelOfFile: (file: FoundFile) => string): MayBeOne {
  const idsOf = new Map<string, Set<string>>();
  for (const file of dicom) {
    const { patientId } = file.header;
    if (!isTelling(patientId)) continue;
    const label = labelOfFile(file);
    idsOf.set(label, (idsOf.get(label) ?? new Set()).add(visitBehind(patientId)?.patient ?? patientId));
  }
  return (a, b) => {
    const [ofA, ofB] = [idsOf.get(a), idsOf.get(b)];
    return !ofA || !ofB || [...ofB].some((id) => ofA.has(id));
  };
}

/** Said where names say one patient and PatientIDs say several. */
function visitsApart({ apart }: Layout): Remark[] {
  if (apart.length === 0) return [];
  return [
    warning(
      'visits-apart',
      `Labels look like visits of one patient, and their files have different PatientIDs: they are kept as patients of their own (${apart.slice(0, NAMES_SHOWN).map(allOf).join('; ')}). If they are one, give them one label in a manifest: a table with the columns patient, visit and path.`,
    ),
  ];
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
  const { of: identity } = identitiesOf(dicom);
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
  return new Set(dicom.map(identitiesOf(dicom).of)).size;
}

/** Said where one PatientID stands for several people. */
function sharedId(): Remark {
  return warning(
    'shared-patient-id',
    'One PatientID is given to people of different names and birth dates, as by anonymising programs: they are taken for different patients. If they are one, say so by a manifest: a table with the columns patient and path.',
  );
}

/** Said where some of the folders, and not all, are of one person: each stays a patient, as it is called. */
function foldersOfOne(
  dicom: readonly FoundFile[],
  place: (file: FoundFile) => string,
  identity: (file: FoundFile) => string,
): Remark[] {
  const known = dicom.filter(({ header }) => isTelling(header.patientId));
  const shared = [...Map.groupBy(known, identity).values()]
    .map((files) => [...new Set(files.map(place))])
    .filter((places) => places.length > 1);
  if (shared.length === 0) return [];
  const words = shared
    .slice(0, NAMES_SHOWN)
    .map((places) => allOf(places))
    .join('; ');
  const more = shared.length > NAMES_SHOWN ? `; and ${shared.length - NAMES_SHOWN} more` : '';
  return [
    warning(
      'shared-patient-id',
      `Folders have the same PatientID, and are kept as patients of their own: ${words}${more}. If they are one patient, give them one label in a manifest: a table with the columns patient and path.`,
    ),
  ];
}

/** Said where nothing tells whether the studies of a patient are of one person. */
function unknownPeople(groups: readonly PatientGroup[]): Remark[] {
  const isNameless = ({ dicom }: PatientGroup) =>
    dicom.every(({ header }) => !isTelling(header.patientId) && header.person === undefined) &&
    new Set(dicom.filter(isImage).map(({ header }) => header.studyInstanceUid)).size > 1;
  const labels = groups.filter(isNameless).map(({ label }) => label);
  if (labels.length === 0) return [];
  return [
    warning(
      'unknown-people',
      `The files of ${atMost(labels, NAMES_SHOWN)} are of several studies, and have neither a PatientID that tells people apart nor names or birth dates: each is taken for one patient. If they are different people, give each a sub-folder, or a row of a manifest: a table with the columns patient and path.`,
    ),
  ];
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
