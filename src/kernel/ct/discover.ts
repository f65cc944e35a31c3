/** Finds the patients and CT series below a path by reading headers alone, and says of everything else why it is not used. */
import { basename, dirname, relative, sep } from 'node:path';
import { counted } from '../base/counted.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Cohort, Patient, Problem, Series, Source } from './cohort.ts';
import { type DicomHeader, fewestBytes, isDicom, parseHeader } from './dicomFile.ts';
import { describeDicomSeries } from './dicomSeries.ts';
import { describeNifti, isNifti } from './nifti.ts';
import { createSourceReader, listSources, nameOf, type SourceReader } from './sources.ts';

/** Enough for every header without large private tags; longer ones are read whole. */
const HEADER_BYTES = 32 * 1024;

export interface FoundFile {
  readonly source: Source;
  readonly header: DicomHeader;
}

interface Found {
  readonly dicom: FoundFile[];
  readonly nifti: Source[];
  readonly problems: Problem[];
}

/**
 * Patients are the sub-folders or zip files of `path`, told apart by their tags where one folder mixes several.
 * Labels are names of folders and files, never of persons. Throws a UserError where no CT is found at all.
 */
export async function discoverCohort(path: string, task: Task): Promise<Cohort> {
  const reader = createSourceReader();
  try {
    const sources = await listSources(path, reader, task);
    if (sources.length === 0)
      throw new UserError(
        'empty-folder',
        `"${path}" holds no files. Put DICOM or NIfTI files there, or load another folder.`,
      );
    const found = await readHeaders(sources, reader, task);
    const groups = groupByPatient(path, found);
    const problems = [...found.problems];
    const patients: Patient[] = [];
    for (const group of groups) {
      const { series, problems: own } = await describeSeries(group, reader);
      problems.push(...own);
      if (series.length) patients.push({ id: group.label, series });
    }
    if (patients.length === 0) throw nothingUsable(path, sources.length, problems);
    return { patients, problems };
  } finally {
    reader.close();
  }
}

function nothingUsable(path: string, files: number, problems: readonly Problem[]): UserError {
  const reasons = problems
    .slice(0, 5)
    .map((p) => `\n• ${p.message}`)
    .join('');
  return new UserError(
    'no-ct',
    `No usable CT was found among ${counted(files, 'file')} in "${path}".${reasons || ' LungNB reads DICOM and NIfTI.'}`,
  );
}

async function readHeaders(sources: readonly Source[], reader: SourceReader, task: Task): Promise<Found> {
  const found: Found = { dicom: [], nifti: [], problems: [] };
  const foreign: string[] = [];
  for (const [n, source] of sources.entries()) {
    task.signal.throwIfAborted();
    if (n % 20 === 0) task.progress(n / sources.length, `reading headers: ${n} of ${sources.length} files`);
    try {
      const start = await reader.read(source, HEADER_BYTES);
      if (isDicom(start)) found.dicom.push({ source, header: await wholeHeaderOf(source, start, reader) });
      else if (isNifti(start)) found.nifti.push(source);
      else foreign.push(nameOf(source));
    } catch (error) {
      if (task.signal.aborted) throw error;
      found.problems.push({
        severity: 'warning',
        code: 'unreadable-file',
        message: `${nameOf(source)} cannot be read (${(error as Error).message}). It may be cut short; copy it again.`,
      });
    }
  }
  if (foreign.length)
    found.problems.push({
      severity: 'warning',
      code: 'not-an-image',
      message: `${counted(foreign.length, 'file is', 'files are')} neither DICOM nor NIfTI and not used: ${foreign
        .slice(0, 3)
        .map((f) => basename(f))
        .join(', ')}${foreign.length > 3 ? ' …' : ''}.`,
    });
  return found;
}

/** Throws where the file is too short for the pixels that its header promises. */
async function wholeHeaderOf(source: Source, start: Buffer, reader: SourceReader): Promise<DicomHeader> {
  const header = await headerOf(source, start, reader);
  const [needed, there] = [fewestBytes(header), await reader.size(source)];
  if (there < needed) throw new Error(`its pixels alone need ${needed} bytes, and the file has ${there}`);
  return header;
}

async function headerOf(source: Source, start: Buffer, reader: SourceReader): Promise<DicomHeader> {
  try {
    const header = parseHeader(start);
    if (header.rows !== undefined || start.length < HEADER_BYTES) return header;
  } catch (error) {
    if (start.length < HEADER_BYTES) throw error;
  }
  return parseHeader(await reader.read(source));
}

interface PatientGroup {
  readonly label: string;
  readonly dicom: readonly FoundFile[];
  readonly nifti: readonly Source[];
}

/** One group per sub-folder or file of the root; a folder with several PatientIDs is split, and several sub-folders that share one are one patient, called by the root's name. */
function groupByPatient(root: string, { dicom, nifti, problems }: Found): PatientGroup[] {
  const rootLabel = labelOf(basename(root));
  const shared = sharedFolder([...dicom.map((f) => f.source), ...nifti].map(({ zipEntry = '' }) => zipEntry));
  const place = ({ file, zipEntry }: Source): string => {
    if (zipEntry !== undefined && file === root) {
      const parts = zipEntry.slice(shared.length).split('/');
      return parts.length > 1 ? parts[0]! : rootLabel;
    }
    const parts = relative(root, file).split(sep);
    return parts.length > 1 || zipEntry !== undefined ? labelOf(parts[0]!) : rootLabel;
  };
  const ids = new Set(dicom.map((f) => f.header.patientId));
  const places = new Set(dicom.map((f) => place(f.source)));
  const onePatient = places.size > 1 && ids.size === 1 && !ids.has(undefined);
  const groups = new Map<string, { dicom: FoundFile[]; nifti: Source[] }>();
  const groupOf = (label: string) => {
    const group = groups.get(label) ?? { dicom: [], nifti: [] };
    groups.set(label, group);
    return group;
  };
  for (const file of dicom) groupOf(onePatient ? rootLabel : place(file.source)).dicom.push(file);
  for (const source of nifti) {
    const flat = source.zipEntry === undefined && dirname(source.file) === root;
    groupOf(
      flat || source.file === root ? labelOf(basename(source.zipEntry ?? source.file)) : place(source),
    ).nifti.push(source);
  }
  return [...groups].flatMap(([label, group]) => splitByPatientId(label, group, problems));
}

/** The folder, with its final slash, in which all of these entries of a zip file lie; it names no patient. */
function sharedFolder(entries: readonly string[]): string {
  const folderOf = (entry: string) => entry.slice(0, entry.lastIndexOf('/') + 1);
  let shared = folderOf(entries[0] ?? '');
  while (!entries.every((entry) => entry.startsWith(shared))) shared = folderOf(shared.slice(0, -1));
  return shared;
}

function splitByPatientId(
  label: string,
  group: { dicom: FoundFile[]; nifti: Source[] },
  problems: Problem[],
): PatientGroup[] {
  const ids = [...new Set(group.dicom.map((f) => f.header.patientId ?? ''))].sort();
  if (ids.length <= 1) return [{ label, ...group }];
  problems.push({
    severity: 'warning',
    code: 'mixed-patients',
    message: `"${label}" mixes ${ids.length} patients. They are called ${label}-1 to ${label}-${ids.length} in the order of their PatientID, which is not shown; one sub-folder per patient gives them names of yours.`,
  });
  return ids.map((id, n) => ({
    label: `${label}-${n + 1}`,
    dicom: group.dicom.filter((f) => (f.header.patientId ?? '') === id),
    nifti: n === 0 ? group.nifti : [],
  }));
}

/** A folder's or file's name without the endings that say its format. */
function labelOf(name: string): string {
  return name.replace(/\.(zip|dcm|nii|nii\.gz)$/i, '') || name;
}

async function describeSeries(
  group: PatientGroup,
  reader: SourceReader,
): Promise<{ series: Series[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const series: Series[] = [];
  const byUid = new Map<string, FoundFile[]>();
  for (const file of group.dicom) {
    const uid = file.header.seriesInstanceUid ?? 'none';
    byUid.set(uid, [...(byUid.get(uid) ?? []), file]);
  }
  const ordered = [...byUid.values()].sort(
    (a, b) => (a[0]!.header.seriesNumber ?? 0) - (b[0]!.header.seriesNumber ?? 0),
  );
  for (const files of ordered) {
    const described = describeDicomSeries(group.label, files);
    problems.push(...described.problems);
    if (described.series) series.push(described.series);
  }
  for (const source of group.nifti) series.push(describeNifti(source, await reader.read(source)));
  return { series: withUniqueIds(series), problems };
}

function withUniqueIds(series: readonly Series[]): Series[] {
  const seen = new Map<string, number>();
  return series.map((s) => {
    const count = (seen.get(s.id) ?? 0) + 1;
    seen.set(s.id, count);
    return count === 1 ? s : { ...s, id: `${s.id}-${count}` };
  });
}
