/**
 * Who images are of, by their tags. A series is of one person, whatever its tags say, as long as its images lie as those
 * of one scan; a PatientID that many share tells nobody apart whose names and birth dates differ.
 */
import { isImage } from '../dicom/dicomSeries.ts';
import { evennessOf, frameOf, placed } from '../dicom/evidence.ts';
import { hasGeometry } from '../dicom/seriesStacks.ts';
import type { FoundFile } from '../files/scan.ts';

/** What anonymising programs write for everybody: it tells nobody apart. */
const PLACEHOLDER_ID = /^(anon\w*|unknown|none|no ?id|patient|de-?identified|removed|test|[0x*-]+)$/i;

export function isTelling(patientId: string | undefined): patientId is string {
  return patientId !== undefined && !PLACEHOLDER_ID.test(patientId);
}

/** Texts as digests; undefined where they are missing. */
interface Person {
  readonly patientId: string | undefined;
  readonly person: string | undefined;
  readonly name: string | undefined;
  readonly birthDate: string | undefined;
}

export interface Identities {
  /** A text that is the same for all images of a person, in whose order persons are numbered. */
  readonly of: (file: FoundFile) => string;
  /** Some of them have one PatientID, and are different people by name and birth date. */
  readonly shareAnId: boolean;
}

export function identitiesOf(dicom: readonly FoundFile[]): Identities {
  const known: { readonly person: Person; readonly identity: string }[] = [];
  const identityOf = (person: Person): string | undefined => {
    const same = known.find((other) => isSamePerson(other.person, person));
    if (same) return same.identity;
    const id = isTelling(person.patientId) ? person.patientId : (person.person ?? person.patientId);
    if (id === undefined) return undefined;
    const namesakes = known.filter((other) => other.person.patientId === person.patientId).length;
    const identity = isTelling(person.patientId) && namesakes > 0 ? `${id}\n${namesakes}` : id;
    known.push({ person, identity });
    return identity;
  };
  const identities = new Map<FoundFile, string | undefined>();
  for (const scan of scansOf(dicom)) {
    const identity = identityOf(personOf(scan));
    for (const file of scan) identities.set(file, identity);
  }
  // A damaged file without any of the tags belongs to the first person.
  const first =
    dicom
      .filter(isImage)
      .map((file) => identities.get(file))
      .find((id) => id !== undefined) ?? '';
  return {
    of: (file) => identities.get(file) ?? (isImage(file) ? '' : first),
    shareAnId: known.some(({ identity }) => identity.includes('\n')),
  };
}

function isSamePerson(a: Person, b: Person): boolean {
  if (!isTelling(a.patientId) || !isTelling(b.patientId))
    return isTelling(a.patientId) === isTelling(b.patientId) && (a.person ?? a.patientId) === (b.person ?? b.patientId);
  const differ = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  return a.patientId === b.patientId && !(differ(a.name, b.name) && differ(a.birthDate, b.birthDate));
}

/** What most images of a scan say; a PatientID that tells somebody apart comes before others. */
function personOf(files: readonly FoundFile[]): Person {
  const most = (of: (file: FoundFile) => string | undefined) => {
    const groups = Map.groupBy(
      files.filter((file) => of(file) !== undefined),
      of,
    );
    return [...groups].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
  };
  const telling = most(({ header }) => (isTelling(header.patientId) ? header.patientId : undefined));
  return {
    patientId: telling ?? most(({ header }) => header.patientId),
    person: most(({ header }) => header.person),
    name: most(({ header }) => header.patientName),
    birthDate: most(({ header }) => header.birthDate),
  };
}

/** Images by their series, and those of one series by their person where they do not lie as those of one scan. */
function scansOf(dicom: readonly FoundFile[]): (readonly FoundFile[])[] {
  return [...Map.groupBy(dicom, ({ header }) => header.seriesInstanceUid)].flatMap(([uid, files]) => {
    const people = [...Map.groupBy(files, ({ header }) => JSON.stringify([header.patientId, header.person])).values()];
    if (people.length === 1) return [files];
    return uid !== undefined && isOneScan(people) ? [files] : withLost(people);
  });
}

/** True where all images lie at least as evenly as those of each person do by themselves. */
function isOneScan(people: readonly (readonly FoundFile[])[]): boolean {
  const irregularities = (files: readonly FoundFile[]) => {
    const located = files.filter((file) => isImage(file) && hasGeometry(file));
    return located.length ? evennessOf(placed(located, frameOf(located))).irregularities : 0;
  };
  return irregularities(people.flat()) <= people.reduce((sum, files) => sum + irregularities(files), 0);
}

/** Files that have lost their PatientID belong to the first person of their series who has one. */
function withLost(people: readonly (readonly FoundFile[])[]): (readonly FoundFile[])[] {
  const isLost = ([file]: readonly FoundFile[]) => !isTelling(file!.header.patientId);
  const [first, ...others] = people.filter((files) => !isLost(files));
  if (!first) return [...people];
  return [[...first, ...people.filter(isLost).flat()], ...others];
}
