/** A cohort from a manifest: a table that says of each path, or address, whose CT it is. */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { isInterrupted } from '../../base/interruptible.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { warning } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { visitNameOf } from '../../base/visitName.ts';
import { isWebAddress } from '../dicomWeb/address.ts';
import { type Discovering, describePatients, nothingUsable } from '../files/discover.ts';
import { findFiles } from '../files/findFiles.ts';
import { keptOfEach } from '../files/keptHeaders.ts';
import type { UnreadableFolder } from '../files/listFiles.ts';
import { createListing, type Listed } from '../files/listing.ts';
import { type FoundFile, scanFiles } from '../files/scan.ts';
import { sourceKey } from '../files/sourceKey.ts';
import { createSourceReader } from '../files/sources.ts';
import type { VolumeFile } from '../formats/volumeFile.ts';
import type { GivenVisit } from '../visits/layout.ts';
import { withVisits } from '../visits/visits.ts';
import type { Cohort } from './cohort.ts';
import { type PatientGroup, patientCount } from './patientGroups.ts';
import { withUnusedLabels } from './unusedLabels.ts';

export interface ManifestRow {
  /** The label, as written. */
  readonly patient: string;
  /** An absolute path, or an address. */
  readonly path: string;
  /** Its visit as written, and the days since the patient's first; `'other'` is no number. */
  readonly visit?: string;
  readonly days?: number | 'other' | undefined;
  /** The line of the table, from 1, for messages. */
  readonly line: number;
}

/** Shares of the progress: reading headers row by row, then describing series. */
const SCANNED = 0.95;

/**
 * Rows that share a label are series of one patient. A row whose path is missing, unreadable or holds several patients
 * is a problem, and the others load. Throws a UserError where no row gives a CT. `name` is the manifest's, for messages.
 */
export async function discoverManifest(
  name: string,
  rows: readonly ManifestRow[],
  { servers = [], headers }: Pick<Discovering, 'servers' | 'headers'>,
  task: Task,
): Promise<Cohort> {
  const headersOfRow = keptOfEach(headers, rows.length);
  const reader = createSourceReader(task.signal);
  const listing = createListing();
  const folders: { readonly unreadable: readonly UnreadableFolder[]; readonly under: Listed }[] = [];
  try {
    const problems: Remark[] = [];
    const groups = new Map<string, { label: string; dicom: FoundFile[]; volumes: VolumeFile[] }>();
    const seen = new Map<string, ManifestRow>();
    const visits = new Map<string, GivenVisit>();
    for (const [n, row] of rows.entries()) {
      const part = subtask(task, (SCANNED * n) / rows.length, (SCANNED * (n + 1)) / rows.length);
      const say = (code: RemarkCode, message: string) =>
        problems.push(warning(code, `${name}, line ${row.line}${row.patient ? ` (${row.patient})` : ''}: ${message}`));
      const before = seen.get(row.path);
      seen.set(row.path, before ?? row);
      if (!row.patient || !row.path) say('manifest-row', `the ${row.patient ? 'path' : 'patient'} is empty; not used.`);
      else if (before?.patient === row.patient) say('manifest-row', `the same as line ${before.line}; used once.`);
      else if (before)
        say(
          'manifest-row',
          `the path is that of line ${before.line}, which gives it to ${before.patient}; not used. Correct one of them.`,
        );
      else
        try {
          const group = groups.get(row.patient) ?? { label: row.patient, dicom: [], volumes: [] };
          const list = await findFiles(row.path, { servers, reader, named: 'what lies at its path' }, part);
          const under = { root: list.root, patient: row.patient };
          folders.push({ unreadable: list.unreadable, under });
          const found = await scanFiles(list.files, { reader, listing, under, headers: headersOfRow }, part);
          problems.push(...list.problems, ...found.problems);
          const people = patientCount(found.dicom);
          if (people > 1)
            say('mixed-patients', `its files are of ${people} patients by their tags; not used. Give each a row.`);
          else if (found.dicom.length + found.volumes.length === 0) say('no-ct', 'there are no CTs at its path.');
          else {
            const visit = visitOfRow(row);
            if (visit === undefined)
              say('manifest-row', 'what stands as its visit or days is neither a visit nor a number; passed over.');
            for (const { source } of visit ? [...found.dicom, ...found.volumes] : [])
              visits.set(sourceKey(source), visit!);
            group.dicom.push(...found.dicom);
            group.volumes.push(...found.volumes);
            groups.set(row.patient, group);
          }
        } catch (error) {
          task.signal.throwIfAborted();
          if (isInterrupted(error)) throw error;
          const { code, message } = userErrorOf(error);
          if (code === 'path-missing') say(code, 'there is no file or folder at its path.');
          else say(code, message);
        }
    }
    const visitOf: PatientGroup['visitOf'] = (source) => visits.get(sourceKey(source));
    const all = oneSourceEach([...groups.values()]).map((group) => ({ ...group, visitOf }));
    const described = await describePatients(all, reader, subtask(task, SCANNED, 1));
    const settled = listing.settle(described.patients);
    const problemsOfAll = [
      ...folders.flatMap(({ unreadable, under }) => settled.folders(unreadable, under)),
      ...withUnusedLabels(
        [...problems, ...described.problems].map(settled.problem),
        rows.map(({ patient }) => ({ label: patient })),
        described.patients,
      ),
    ];
    if (described.patients.length === 0) throw nothingUsable(name, rows.length, problemsOfAll);
    return withVisits({ patients: settled.patients, problems: problemsOfAll });
  } finally {
    reader.close();
  }
}

/** What a row says of its visit; undefined where that cannot be meant. Nothing at all is a visit without a name. */
function visitOfRow({ visit = '', days }: ManifestRow): GivenVisit | undefined {
  const named = /^\d{1,2}$/.test(visit) ? ({ kind: 'counted', number: Number(visit) } as const) : visitNameOf(visit);
  if ((visit !== '' && !named) || days === 'other') return undefined;
  return { named, written: visit, days };
}

/** Each file once, where rows of one patient name a folder and what is in it. */
function oneSourceEach(groups: readonly PatientGroup[]): PatientGroup[] {
  const once = <Item extends { readonly source: FoundFile['source'] }>(items: readonly Item[]): Item[] => [
    ...new Map(items.map((item) => [`${sourceKey(item.source)}\n${item.source.frame}`, item])).values(),
  ];
  return groups.map(({ label, dicom, volumes }) => ({ label, dicom: once(dicom), volumes: once(volumes) }));
}

/** A path of a manifest as it is found: addresses as they are, all others by `resolve`. */
export function pathOfRow(written: string, resolve: (path: string) => string): string {
  return written === '' || isWebAddress(written) ? written : resolve(written);
}
