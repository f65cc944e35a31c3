/** Finds the patients and CT series below a path by reading headers alone, and says of everything else why it is not used. */
import { basename, dirname } from 'node:path';
import { counted } from '../base/counted.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Cohort, Patient, Problem, Series } from './cohort.ts';
import { asListed, isDicomDirectory, listedFiles } from './dicomDirectory.ts';
import { describeDicomSeries } from './dicomSeries.ts';
import { type FileList, listFiles } from './listFiles.ts';
import { groupByPatient, type PatientGroup } from './patientGroups.ts';
import { type FoundFile, scanFiles } from './scan.ts';
import { chooseBest } from './seriesChoice.ts';
import { createSourceReader, type SourceReader } from './sources.ts';
import { describeVolumeFile } from './volumeFile.ts';

/** Enough of a file to tell a DICOMDIR. */
const START_BYTES = 1024;
/** Shares of the progress: listing and reading headers, then describing series. */
const SCANNED = 0.9;

/**
 * Patients are the sub-folders, zip files or volume files of `path`, told apart by their tags where one folder mixes
 * several. Labels are names of folders and files, never of persons. Throws a UserError where no CT is found at all.
 */
export async function discoverCohort(path: string, task: Task): Promise<Cohort> {
  const reader = createSourceReader();
  try {
    const { files, problems } = await filesAt(path, reader, task);
    if (files.length === 0) {
      const reasons = problems.map((p) => ` ${p.message}`).join('');
      throw new UserError(
        'empty-folder',
        `"${basename(path)}" holds no files that can be read.${reasons} Put DICOM, NIfTI, NRRD or MetaImage files there, or load another folder.`,
      );
    }
    const found = await scanFiles(files, reader, subtask(task, 0, SCANNED));
    const grouped = groupByPatient(path, found);
    const described = await describePatients(grouped.groups, reader, subtask(task, SCANNED, 1));
    const all = [...problems, ...found.problems, ...grouped.problems, ...described.problems];
    if (described.patients.length === 0) {
      const [reason, ...others] = all;
      // One file with one reason: that reason is the whole answer.
      if (reason && others.length === 0 && files[0] === path) throw new UserError(reason.code, reason.message);
      throw nothingUsable(basename(path), files.length, all);
    }
    return { patients: described.patients, problems: all };
  } finally {
    reader.close();
  }
}

/** A DICOMDIR stands for the files of its folder that it lists. */
async function filesAt(path: string, reader: SourceReader, task: Task): Promise<FileList> {
  const list = await listFiles(path, task);
  const isFile = list.files.length === 1 && list.files[0] === path;
  if (!isFile || !isDicomDirectory(await reader.read({ file: path }, START_BYTES))) return list;
  const listed = new Set(listedFiles(await reader.read({ file: path })));
  const { files, problems } = await listFiles(dirname(path), task);
  return { files: files.filter((file) => file === path || listed.has(asListed(dirname(path), file))), problems };
}

export function nothingUsable(name: string, files: number, problems: readonly Problem[]): UserError {
  const reasons = problems
    .slice(0, 5)
    .map((p) => `\n• ${p.message}`)
    .join('');
  return new UserError(
    'no-ct',
    `No usable CT was found among ${counted(files, 'file')} in "${name}".${reasons || ' LungNB reads DICOM, NIfTI, NRRD and MetaImage.'}`,
  );
}

/** Patients with a usable series each, and what is wrong with the other series. */
export async function describePatients(
  groups: readonly PatientGroup[],
  reader: SourceReader,
  task: Task,
): Promise<{ patients: Patient[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const patients: Patient[] = [];
  for (const [n, group] of groups.entries()) {
    task.signal.throwIfAborted();
    task.progress(n / groups.length, `looking at ${group.label}`);
    const series: Series[] = [];
    for (const files of bySeries(group.dicom)) {
      const described = describeDicomSeries(group.label, files);
      problems.push(...described.problems);
      series.push(...described.series);
    }
    for (const volume of group.volumes) {
      const described = await describeVolume(volume, reader, task);
      if ('problem' in described) problems.push(described.problem);
      else series.push(described.series);
    }
    const unique = withUniqueIds(series);
    if (unique.length) patients.push({ id: group.label, series: unique, choices: chooseBest(unique) });
  }
  return { patients, problems };
}

/** As `describeVolumeFile`; what turns out damaged on the way is a problem of this file alone. */
async function describeVolume(
  ...[volume, reader, task]: Parameters<typeof describeVolumeFile>
): ReturnType<typeof describeVolumeFile> {
  try {
    return await describeVolumeFile(volume, reader, task);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: { severity: 'warning', code: error.code, message: error.message } };
  }
}

/** Files by their SeriesInstanceUID, in the order of the series' numbers. */
function bySeries(files: readonly FoundFile[]): FoundFile[][] {
  const byUid = new Map<string, FoundFile[]>();
  for (const file of files) {
    const uid = file.header.seriesInstanceUid ?? 'none';
    const series = byUid.get(uid);
    if (series) series.push(file);
    else byUid.set(uid, [file]);
  }
  return [...byUid.values()].sort((a, b) => (a[0]!.header.seriesNumber ?? 0) - (b[0]!.header.seriesNumber ?? 0));
}

function withUniqueIds(series: readonly Series[]): Series[] {
  const seen = new Map<string, number>();
  return series.map((s) => {
    const count = (seen.get(s.id) ?? 0) + 1;
    seen.set(s.id, count);
    return count === 1 ? s : { ...s, id: `${s.id}-${count}` };
  });
}
