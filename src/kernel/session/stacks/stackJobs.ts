/** The viewers whose slices a page shall have: those that stand in the notebook, and those that its outputs lead to. */
import type { PatientSlicesReply } from '../../../protocol/kernelApi.ts';
import { type ListPlace, type PageSlices, placeName, type StackCt } from '../../../protocol/pageSlices.ts';
import type { SliceView, ViewModel } from '../../../protocol/view.ts';
import { unattended } from '../../base/task.ts';
import type { Series } from '../../ct/cohort/cohort.ts';
import { viewFor } from '../../views/besideView.ts';
import type { SliceQuestion } from '../../views/sliceQuestion.ts';
import type { KeepViewer, ViewerSource } from '../../views/viewerSource.ts';
import { orProblem } from '../orProblem.ts';
import type { PatientSlices } from '../patientSlices.ts';
import { ctsWanted, type WantedCt } from './ctsWanted.ts';
import type { StackContext } from './stackParts.ts';

/** A viewer whose slices the page shall have. */
export interface Job {
  /** Its CTs. */
  readonly series: readonly Series[];
  open(): Promise<PatientSlicesReply>;
  /** What leads to the viewer knows of it now; absent where it stands in the notebook itself. */
  done?(view: SliceView): void | Promise<void>;
}

/** What is gathered for `PageSlices`, as jobs are done. */
export interface Gathered {
  readonly views: Map<string, SliceView>;
  readonly cts: [string, PageSlices['cts'][number][1]][];
  readonly lists: (string | null)[][];
  readonly listOf: [string, ListPlace][];
}

export interface JobParts {
  readonly context: StackContext;
  readonly patientSlices: PatientSlices;
  readonly sourceOf: (handle: string) => ViewerSource | undefined;
  readonly keepViewer: KeepViewer;
  readonly gathered: Gathered;
}

/** Figures and tables first: what they lead to was measured, which says where the lungs are. */
export function jobsOf(shown: readonly ViewModel[], parts: JobParts): Job[] {
  return [
    ...[...ctsWanted(shown)].flatMap(([handle, wanted]) => jobsOfCts(handle, wanted, parts)),
    ...shown.flatMap((view) => (view.type === 'slices' ? jobsOfViewer(view, parts) : [])),
  ];
}

function jobsOfCts(handle: string, wanted: readonly WantedCt[], parts: JobParts): Job[] {
  const { patientSlices, gathered } = parts;
  const { patients, among } = patientSlices.leadsTo(handle);
  const opened: StackCt[] = [];
  gathered.cts.push([handle, { ...(among ? { list: gathered.lists.length } : {}), cts: opened }]);
  const order = new Map(patients.map((patient, n) => [patient, n]));
  const known = wanted.filter(({ patient }) => order.has(patient));
  const jobs = known
    .sort((a, b) => order.get(a.patient)! - order.get(b.patient)!)
    .flatMap(({ rows, ...ct }): Job[] => {
      const request = { handle, ...ct, ...rows[0]! };
      const series = patientSlices.ctsOf(request);
      if (series.length === 0) return [];
      return [
        {
          series,
          open: () => patientSlices.open(request),
          async done(view) {
            const places = await patientSlices.places(handle, ct, rows);
            const named = rows.flatMap((row, n) => (places[n] ? [[placeName(row), places[n]] as const] : []));
            opened.push({ ...ct, viewer: view.handle, places: named });
          },
        },
      ];
    });
  return [...jobs, ...(among ? jobsOfList(among, parts) : [])];
}

function jobsOfViewer(view: SliceView, parts: JobParts): Job[] {
  const { sourceOf, gathered } = parts;
  const source = sourceOf(view.handle);
  // A viewer of another run, whose CT nobody knows any more.
  if (!source) return [];
  const beside = view.beside && sourceOf(view.beside.view.handle);
  const { among } = source;
  if (among) gathered.listOf.push([view.handle, { list: gathered.lists.length, place: among.place }]);
  return [
    { series: [source.series, ...(beside ? [beside.series] : [])], open: async () => ({ view }) },
    ...(among ? jobsOfList(among, parts) : []),
  ];
}

/** Of everybody who is leafed through. */
function jobsOfList(
  { of, question }: NonNullable<SliceQuestion['among']>,
  { context, keepViewer, gathered }: JobParts,
): Job[] {
  const list: (string | null)[] = Array.from({ length: of }, () => null);
  gathered.lists.push(list);
  return list.map((_, place) => {
    const asked: SliceQuestion = { ...question(place), plane: 'axial' };
    return {
      series: [asked.series, ...(asked.beside ? [asked.beside.series] : [])],
      open: () => orProblem(async () => ({ view: await viewFor(asked, { ...context, keepViewer, task: unattended }) })),
      done(view) {
        list[place] = view.handle;
      },
    };
  });
}
