/** Finds the patients and CT series below a path by reading headers alone, and says of everything else why it is not used. */

import { basename } from 'node:path';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { allOf, anyOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { warning } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { uniqueNames } from '../../base/uniqueNames.ts';
import { UserError } from '../../base/userError.ts';
import type { Cohort, Patient, Series } from '../cohort/cohort.ts';
import { groupByNumber, groupByPatient, type PatientGroup } from '../cohort/patientGroups.ts';
import { pixelsBy } from '../cohort/pixels.ts';
import { sampleProblems } from '../cohort/sampleSlices.ts';
import { chooseBest } from '../cohort/seriesChoice.ts';
import { numberedStudies } from '../cohort/studies.ts';
import { withUnusedLabels } from '../cohort/unusedLabels.ts';
import { describeDicomSeries } from '../dicom/dicomSeries.ts';
import { groupBySeries } from '../dicom/seriesGroups.ts';
import { isWebAddress } from '../dicomWeb/address.ts';
import { VOLUME_FORMAT_NAMES } from '../formats/formats.ts';
import { describeVolumeFile } from '../formats/volumeFile.ts';
import { withScanned } from '../visits/scanned.ts';
import { withVisits } from '../visits/visits.ts';
import { findFiles } from './findFiles.ts';
import type { HeaderStore } from './keptHeaders.ts';
import { createListing, type Listed } from './listing.ts';
import { scanFiles } from './scan.ts';
import { createSourceReader, type SourceReader } from './sources.ts';

/** Shares of the progress: fetching, where it is from the web; reading headers; describing series. */
const FETCHED = 0.8;
const SCANNED = 0.8;
const REASONS_SHOWN = 20;

export interface Discovering {
  /** That may be logged in to. */
  readonly servers?: readonly DicomWebServer[];
  /** What messages call the path. */
  readonly named?: string;
  /** Where headers of many files are kept between runs. */
  readonly headers?: HeaderStore | undefined;
}

/**
 * Patients are the sub-folders, zip files or volume files of `path`, told apart by their tags where one folder mixes
 * several. Labels are names of folders and files, never of persons; patients of a DICOMweb address are numbered.
 * Throws a UserError where no CT is found at all.
 */
export async function discoverCohort(
  path: string,
  task: Task,
  { servers = [], named = basename(path), headers }: Discovering = {},
): Promise<Cohort> {
  const reader = createSourceReader(task.signal);
  const isWeb = isWebAddress(path);
  const fetched = isWeb ? FETCHED : 0;
  const listing = createListing();
  try {
    const { root, files, unreadable, problems } = await findFiles(
      path,
      { servers, reader, named },
      subtask(task, 0, fetched),
    );
    const under: Listed = { root, named };
    if (files.length === 0) {
      const reasons = [...problems, ...listing.settle([]).folders(unreadable, under)]
        .map((p) => ` ${p.message}`)
        .join('');
      throw new UserError(
        'empty-folder',
        `"${named}" holds no files that can be read.${reasons} Put ${anyOf(['DICOM', ...VOLUME_FORMAT_NAMES])} files there, or load another folder.`,
      );
    }
    const found = await scanFiles(files, { reader, listing, under, headers }, subtask(task, fetched, SCANNED));
    const grouped = isWeb ? groupByNumber('patient', found) : groupByPatient(root, found);
    const described = await describePatients(grouped.groups, reader, subtask(task, SCANNED, 1));
    const settled = listing.settle(described.patients);
    const all = [
      ...settled.folders(unreadable, under),
      ...problems,
      ...withUnusedLabels(
        [...found.problems, ...grouped.problems, ...described.problems].map(settled.problem),
        grouped.groups,
        described.patients,
      ),
    ];
    if (described.patients.length === 0) {
      const [reason, ...others] = all;
      // One file with one reason: that reason is the whole answer.
      if (reason && others.length === 0 && files[0] === path) throw new UserError(reason.code, reason.message);
      throw nothingUsable(isWeb ? new URL(path).host : named, files.length, all);
    }
    return withVisits({ patients: settled.patients, problems: all });
  } catch (error) {
    throw error instanceof UserError ? listing.settle([]).error(error) : error;
  } finally {
    reader.close();
  }
}

/** The error where nothing could be used. `name` is what was loaded, without its folder. */
export function nothingUsable(name: string, files: number, problems: readonly Remark[]): UserError {
  // How patients would have been called matters little where there is none.
  const telling = problems.filter(({ code }) => !['mixed-patients', 'numbered-patients', 'one-patient'].includes(code));
  const reasons = telling.slice(0, REASONS_SHOWN).map((p) => `\n• ${p.message}`);
  const hidden = telling.length - reasons.length;
  if (hidden > 0) reasons.push(`\n• … and ${counted(hidden, 'more reason')}.`);
  return new UserError(
    'no-ct',
    `No usable CT was found among ${counted(files, 'file')} in "${name}".${reasons.join('') || ` LungNB reads ${allOf(['DICOM', ...VOLUME_FORMAT_NAMES])}.`}`,
  );
}

/** Patients with a usable series each, and what is wrong with the other series. */
export async function describePatients(
  groups: readonly PatientGroup[],
  reader: SourceReader,
  task: Task,
): Promise<{ patients: Patient[]; problems: Remark[] }> {
  const problems: Remark[] = [];
  const patients: Patient[] = [];
  const pixels = pixelsBy(reader, task);
  for (const [n, group] of groups.entries()) {
    task.signal.throwIfAborted();
    task.progress(n / groups.length, `looking at ${group.label}`);
    const series: Series[] = [];
    for (const files of groupBySeries(group.dicom)) {
      const described = await orProblem(() => describeDicomSeries(group.label, files, pixels), task);
      if ('problem' in described) problems.push(described.problem);
      else {
        problems.push(...described.problems);
        for (const one of described.series)
          series.push({ ...one, problems: [...one.problems, ...(await sampleProblems(one, reader, task))] });
      }
    }
    for (const volume of group.volumes) {
      const described = await orProblem(() => describeVolumeFile(volume, reader, task), task);
      if ('problem' in described) problems.push(described.problem);
      else series.push(described.series);
    }
    const unique = withScanned(numberedStudies(withUniqueIds(series), group.dicom), group);
    if (unique.length) patients.push({ id: group.label, series: unique, choices: chooseBest(unique) });
  }
  return { patients, problems };
}

/** What turns out damaged on the way is a problem of this series alone. */
async function orProblem<T>(describe: () => Promise<T>, { signal }: Task): Promise<T | { problem: Remark }> {
  try {
    return await describe();
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = userErrorOf(error);
    return { problem: warning(code, message) };
  }
}

function withUniqueIds(series: readonly Series[]): Series[] {
  const ids = uniqueNames(series.map(({ id }) => id));
  return series.map((one, n) => (one.id === ids[n] ? one : { ...one, id: ids[n]!, name: one.id }));
}
