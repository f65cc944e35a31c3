/**
 * The files of a cohort while it is looked for. Names of files and folders below a patient's may say who he or she is, so
 * messages tell a file by patient, series and number instead: its place among all files of the patient, in the order of
 * their names. Before it is known whose a file is, its place is a mark, which `settle` puts into words.
 */
import { posix } from 'node:path';
import type { Remark } from '../../../protocol/remark.ts';
import { rememberNames, rememberSeries } from '../../base/fileNames.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import type { Patient, Series, Source } from '../cohort/cohort.ts';
import { labelOf } from '../cohort/labelOf.ts';
import { OTHER_CHARACTERS, SPECIAL_FILE, type UnreadableFolder } from './listFiles.ts';
import { sourceKey } from './sourceKey.ts';

/** Where files were listed. */
export interface Listed {
  /** The folder or file that was named. */
  readonly root: string;
  /** What the notebook's cell calls it, where it names it. */
  readonly named?: string;
  /** Whose all files below it are, where a manifest says so. */
  readonly patient?: string;
}

interface Entry {
  readonly source: Source;
  readonly under: Listed;
}

interface Owner {
  readonly patient: string;
  readonly series?: string;
}

/** Private-use characters of Unicode, which no message of ours has. */
const MARK = /\uE000(\d+)\uE001/g;
const MARKS = /\uE000\d+\uE001(?:, \uE000\d+\uE001)*/g;

export interface Listing {
  /** The sources with marks as their places. */
  readonly add: (sources: readonly Source[], under: Listed) => Source[];
  /** The entries of a zip file, which stand in its place. */
  readonly unpack: (zip: Source, entries: readonly Source[]) => Source[];
  /** Puts marks into words, now that it is known whose the files are. */
  readonly settle: (patients: readonly Patient[]) => Settled;
}

export interface Settled {
  readonly patients: Patient[];
  readonly problem: (problem: Remark) => Remark;
  readonly error: (error: UserError) => UserError;
  readonly folders: (folders: readonly UnreadableFolder[], under: Listed) => Remark[];
}

export function createListing(): Listing {
  const entries: Entry[] = [];
  const unpacked = new Set<string>();
  const add = (sources: readonly Source[], under: Listed): Source[] =>
    sources.map((source) => {
      const marked = { ...source, place: `\uE000${entries.length}\uE001` };
      entries.push({ source: marked, under });
      return marked;
    });
  return {
    add,
    unpack(zip, inside) {
      unpacked.add(sourceKey(zip));
      const [entry] = entriesOf(zip.place ?? '', entries);
      return add(inside, entry?.under ?? { root: zip.file });
    },
    settle: (patients) => settled(entries, unpacked, patients),
  };
}

function nameIn({ file, zipEntry }: Source): string {
  return zipEntry === undefined ? file : `${file}:${zipEntry}`;
}

function entriesOf(text: string, entries: readonly Entry[]): Entry[] {
  return [...text.matchAll(MARK)].flatMap(([, number]) => entries[Number(number)] ?? []);
}

function settled(entries: readonly Entry[], unpacked: ReadonlySet<string>, patients: readonly Patient[]): Settled {
  const owners = ownersOf(patients);
  const folders = patientsOfFolders(entries, owners);
  const counted = entries.filter(({ source }) => !unpacked.has(sourceKey(source)));
  const places = new Map<string, Place>();
  const numbers = new Map<string | undefined, number>();
  for (const { source, under } of counted) {
    const key = sourceKey(source);
    if (places.has(key)) continue;
    const patient = owners.get(key)?.patient ?? under.patient ?? patientOf(source, under, folders);
    const number = (numbers.get(patient) ?? 0) + 1;
    numbers.set(patient, number);
    const name = key === under.root ? under.named : undefined;
    places.set(key, { patient, series: owners.get(key)?.series, number, name });
  }
  const unowned = numbers.get(undefined) ?? 0;
  const inWords = (text: string): string =>
    text.replace(MARKS, (marks, offset: number) => {
      const named = entriesOf(marks, entries);
      const words = wordsOf(
        named.map(({ source }) => places.get(sourceKey(source))),
        unowned,
      );
      const said =
        offset === 0 && /^(the file|files? )/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
      rememberNames(
        said,
        named.map(({ source }) => nameIn(source)),
      );
      return said;
    });
  const problem = (one: Remark): Remark => ({ ...one, message: inWords(one.message) });
  const placed = (patient: string, series: Series): Series => {
    const sources = series.sources.map((source) => {
      const place = places.get(sourceKey(source));
      return place ? { ...source, place: wordsOf([place], unowned) } : source;
    });
    rememberSeries(`${patient}, ${series.id}, file `, (words) => {
      const found = sources.find(({ place }) => place === words);
      return found && nameIn(found);
    });
    return { ...series, sources, problems: series.problems.map(problem) };
  };
  return {
    patients: patients.map((patient) => ({
      ...patient,
      series: patient.series.map((series) => placed(patient.id, series)),
    })),
    problem,
    error: ({ code, message, span, meant }) => new UserError(code, inWords(message), span, meant),
    folders: (unreadable, under) => folderProblems(unreadable, (path) => folderOwner(path, under, folders)),
  };
}

function ownersOf(patients: readonly Patient[]): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { id, series } of patients)
    for (const one of series)
      for (const source of one.sources) owners.set(sourceKey(source), { patient: id, series: one.id });
  return owners;
}

/** The patients whose files lie in each folder or below it; of several, `undefined`. */
function patientsOfFolders(
  entries: readonly Entry[],
  owners: ReadonlyMap<string, Owner>,
): Map<string, string | undefined> {
  const folders = new Map<string, string | undefined>();
  for (const { source, under } of entries) {
    const patient = owners.get(sourceKey(source))?.patient;
    if (patient === undefined) continue;
    for (const folder of foldersAbove(pathOf(source), pathOf({ file: under.root }))) {
      if (folders.has(folder) && folders.get(folder) === undefined) break;
      folders.set(folder, !folders.has(folder) || folders.get(folder) === patient ? patient : undefined);
    }
  }
  return folders;
}

/** Zip files are folders here. */
function pathOf({ file, zipEntry }: Source): string {
  return [file, ...(zipEntry === undefined ? [] : [zipEntry])].join('/').replaceAll('\\', '/');
}

/** The nearest first, the root last. */
function* foldersAbove(path: string, root: string): Generator<string> {
  for (let folder = path; folder.length > root.length && folder.startsWith(root); ) {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    yield folder;
  }
}

/**
 * The only patient whose files lie in the nearest folder that has any patient's: where the file itself lies there, or the
 * folder is the patient's own. Folders beside each other may be of different people.
 */
function patientOf(
  source: Source,
  under: Listed,
  folders: ReadonlyMap<string, string | undefined>,
): string | undefined {
  let nearest = true;
  for (const folder of foldersAbove(pathOf(source), pathOf({ file: under.root }))) {
    if (folders.has(folder)) {
      const patient = folders.get(folder);
      return nearest || labelOf(posix.basename(folder)) === patient ? patient : undefined;
    }
    nearest = false;
  }
  return undefined;
}

function folderOwner(
  path: string,
  under: Listed,
  folders: ReadonlyMap<string, string | undefined>,
): string | undefined {
  return under.patient ?? patientOf({ file: path }, under, folders);
}

interface Place {
  readonly patient: string | undefined;
  readonly series: string | undefined;
  readonly number: number;
  readonly name: string | undefined;
}

/** "P03, series-2, file 17", "P03, files 1, 2, 3", "file 3 of 40", or several of these. */
function wordsOf(places: readonly (Place | undefined)[], unowned: number): string {
  const groups = new Map<string, Set<number>>();
  for (const place of places) {
    if (!place) continue;
    if (place.patient === undefined && place.name !== undefined) return place.name;
    const owner =
      place.patient === undefined ? '' : [place.patient, ...(place.series ? [place.series] : [])].join(', ');
    groups.set(owner, (groups.get(owner) ?? new Set()).add(place.number));
  }
  const said = [...groups].map(([owner, numbers]) => {
    if (owner === '' && unowned === 1) return 'the file';
    const files = `${numbers.size === 1 ? 'file' : 'files'} ${[...numbers].join(', ')}`;
    return owner === '' ? `${files} of ${unowned}` : `${owner}, ${files}`;
  });
  return said.join('; ') || 'the file';
}

/** Folders that may not be opened, told by whose they are. */
function folderProblems(
  unreadable: readonly UnreadableFolder[],
  patientOfFolder: (path: string) => string | undefined,
): Remark[] {
  const alike = new Map<string, { patient: string | undefined; code: string; paths: string[] }>();
  for (const { path, code } of unreadable) {
    const patient = patientOfFolder(path);
    const group = alike.get(`${code} ${patient}`) ?? { patient, code, paths: [] };
    alike.set(`${code} ${patient}`, group);
    group.paths.push(path);
  }
  return [...alike.values()].map(({ patient, code, paths }) => {
    const isOne = paths.length === 1;
    const [one, many] =
      code === SPECIAL_FILE
        ? ['A named pipe, socket or device', 'named pipes, sockets or devices']
        : code === OTHER_CHARACTERS
          ? ['A folder or file', 'folders or files']
          : ['A folder or link', 'folders or links'];
    const what = isOne ? one : `${paths.length} ${many}`;
    // What cannot be named may be another patient's.
    const words = patient === undefined || code === OTHER_CHARACTERS ? what : `${what} of ${patient}`;
    rememberNames(words, paths);
    if (code === SPECIAL_FILE)
      return warning('special-file', `${words} ${isOne ? 'is' : 'are'} not used: LungNB reads files only.`);
    if (code === OTHER_CHARACTERS)
      return warning(
        'unreadable-folder',
        `${words} ${isOne ? 'has a name' : 'have names'} in other characters than UTF-8, as GBK, Shift-JIS or Latin-1, and cannot be opened. Rename ${isOne ? 'it' : 'them'}; \`convmv\` does so for a whole folder.`,
      );
    const [it, its] = isOne ? ['it', 'its path'] : ['them', 'their paths'];
    const advice =
      code === 'ENAMETOOLONG'
        ? `Shorten ${its}, or load a folder further down.`
        : code === 'ENOENT'
          ? 'Load again if files were being moved.'
          : `Ask for the right to read ${it}, or copy ${it}.`;
    return warning(
      'unreadable-folder',
      `${words} cannot be opened (${code === 'ENAMETOOLONG' ? 'the path is longer than the system allows' : code}), and what is in ${it} is not used. ${advice}`,
    );
  });
}
