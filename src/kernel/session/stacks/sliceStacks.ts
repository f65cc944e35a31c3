/**
 * Reduced stacks of the CTs that a notebook's outputs show or lead to, for a page that has no kernel to ask
 * (`lungnb run --html --slices N`).
 */

import type { PatientSlicesReply } from '../../../protocol/kernelApi.ts';
import {
  type ListPlace,
  type MadePageSlices,
  type PageSlices,
  placeName,
  type SliceStack,
  type StackPatient,
} from '../../../protocol/pageSlices.ts';
import type { SingleSliceView, SliceView, ViewModel } from '../../../protocol/view.ts';
import { type Task, unattended } from '../../base/task.ts';
import type { Series } from '../../ct/cohort/cohort.ts';
import { viewFor } from '../../views/besideView.ts';
import type { SliceQuestion } from '../../views/sliceQuestion.ts';
import type { ViewerSource } from '../../views/viewerSource.ts';
import { keptByHandle } from '../keptByHandle.ts';
import { orProblem } from '../orProblem.ts';
import type { PatientSlices } from '../patientSlices.ts';
import { patientsWanted, type Wanted } from './patientsWanted.ts';
import { createStackParts, encoded, otherPlanes, type StackContext, unread } from './stackParts.ts';

/** Viewers that a notebook shows or leads to: without label maps each takes some kilobytes. */
const VIEWERS_KEPT = 20_000;
/** CTs of which one slice is packed to estimate the others. */
const SAMPLED = 3;

export interface StackPlan {
  readonly cts: number;
  /** Of the page's part that holds them. */
  readonly estimatedBytes: number;
  /** The CTs whose slices could not be had are told of in `problems`. Rejects where the task is given up. */
  make(task: Task): Promise<MadePageSlices & { readonly problems: readonly string[] }>;
}

/** A viewer whose slices the page shall have. */
interface Job {
  /** Its CTs. */
  readonly series: readonly Series[];
  open(): Promise<PatientSlicesReply>;
  /** What leads to the viewer knows of it now; absent where it stands in the notebook itself. */
  done?(view: SliceView): void | Promise<void>;
}

export function createSliceStacks(context: StackContext, patientSlices: PatientSlices) {
  const sources = keptByHandle<ViewerSource>(VIEWERS_KEPT);
  const keepViewer = (handle: string, source: ViewerSource) =>
    sources.keep(handle, unread(source, context, unattended));

  return {
    keep: keepViewer,
    /** Of what the outputs show, `perCt` slices of each CT. */
    async plan(shown: readonly ViewModel[], perCt: number, task: Task): Promise<StackPlan> {
      const page = createPage();
      const jobs = [
        ...[...patientsWanted(shown)].flatMap(([handle, patients]) => jobsOfPatients(handle, patients, page)),
        ...shown.flatMap((view) => (view.type === 'slices' ? jobsOfViewer(view, page) : [])),
      ];
      const cts = new Set(jobs.flatMap(({ series }) => series));
      return {
        cts: cts.size,
        estimatedBytes: await estimate(jobs, [...cts], perCt, task),
        make: (making) => make(jobs, page, perCt, making),
      };
    },
  };

  function jobsOfPatients(handle: string, wanted: ReadonlyMap<string, readonly Wanted[]>, page: Page): Job[] {
    const { patients, among } = patientSlices.leadsTo(handle);
    const opened: StackPatient[] = [];
    page.patients.push([handle, { ...(among ? { list: page.lists.length } : {}), patients: opened }]);
    const jobs = patients.flatMap(({ patient, series }): Job[] => {
      const rows = wanted.get(patient);
      if (!rows) return [];
      return [
        {
          series,
          open: () => patientSlices.open({ handle, patient, ...rows[0]! }),
          async done(view) {
            const places = await patientSlices.places(handle, patient, rows);
            const named = rows.flatMap((row, n) => (places[n] ? [[placeName(row), places[n]] as const] : []));
            opened.push({ patient, viewer: view.handle, places: named });
          },
        },
      ];
    });
    return [...jobs, ...(among ? jobsOfList(among, page) : [])];
  }

  function jobsOfViewer(view: SliceView, page: Page): Job[] {
    const source = sources.get(view.handle);
    // A viewer of an older run, whose CT nobody knows any more.
    if (!source) return [];
    const beside = view.beside && sources.get(view.beside.view.handle);
    const { among } = source;
    if (among) page.listOf.push([view.handle, { list: page.lists.length, place: among.place }]);
    return [
      {
        series: [source.series, ...(beside ? [beside.series] : [])],
        open: async () => ({ view }),
      },
      ...(among ? jobsOfList(among, page) : []),
    ];
  }

  /** Of everybody who is leafed through. */
  function jobsOfList({ of, question }: NonNullable<SliceQuestion['among']>, page: Page): Job[] {
    const list: (string | null)[] = Array.from({ length: of }, () => null);
    page.lists.push(list);
    return list.map((_, place) => {
      const asked: SliceQuestion = { ...question(place), plane: 'axial' };
      return {
        series: [asked.series, ...(asked.beside ? [asked.beside.series] : [])],
        open: () =>
          orProblem(async () => ({ view: await viewFor(asked, { ...context, keepViewer, task: unattended }) })),
        done(view) {
          list[place] = view.handle;
        },
      };
    });
  }

  /** From a middle slice of some CTs, by the pixels of each. */
  async function estimate(jobs: readonly Job[], cts: readonly Series[], perCt: number, task: Task): Promise<number> {
    const count = Math.min(SAMPLED, jobs.length);
    let [bytes, pixels] = [0, 0];
    for (let n = 0; n < count; n++) {
      task.signal.throwIfAborted();
      const reply = await jobs[Math.floor(((n + 0.5) * jobs.length) / count)]!.open();
      const source = 'view' in reply ? sources.get(reply.view.handle) : undefined;
      if (!source || !('view' in reply)) continue;
      const sampled = await orProblem(() => encoded(source, [middleOf(reply.view)], context, task));
      if ('problem' in sampled) continue;
      bytes += JSON.stringify(sampled).length;
      pixels += source.grid.size[0] * source.grid.size[1];
    }
    const opened = new Set(jobs.flatMap(({ series, done }) => (done ? series : [])));
    const all = cts.reduce((sum, series) => {
      const [nx, ny, nz] = series.size;
      // What is opened begins with a slice of the other planes, too.
      return sum + nx * ny * Math.min(perCt, nz) + (opened.has(series) ? (nx + ny) * nz : 0);
    }, 0);
    return pixels ? Math.round((bytes / pixels) * all) : 0;
  }

  async function make(jobs: readonly Job[], page: Page, perCt: number, task: Task) {
    const made = createStackParts(perCt, context);
    const stacks = new Map<string, SliceStack>();
    const problems = new Set<string>();
    const stackOf = async (handle: string, like?: SliceStack) => {
      const source = sources.get(handle);
      if (source && !stacks.has(handle)) stacks.set(handle, await made.stackOf(source, like, task));
      return stacks.get(handle);
    };
    const take = async (job: Job) => {
      const reply = await job.open();
      if ('problem' in reply) return reply;
      const { view } = reply;
      return orProblem(async () => {
        const first = await stackOf(view.handle);
        const { beside } = view;
        if (beside) await stackOf(beside.view.handle, beside.by === 'registered' ? first : undefined);
        if (!job.done) return { handle: view.handle };
        if (!page.views.has(view.handle)) page.views.set(view.handle, await opening(view, task));
        await job.done(view);
        return { handle: view.handle };
      });
    };
    // A CT is read once for all that is shown of it.
    const sorted = [...Map.groupBy(jobs, ({ series }) => series[0])].flatMap(([, own]) => own);
    for (const [n, job] of sorted.entries()) {
      task.signal.throwIfAborted();
      task.progress(n / sorted.length, `slices for the page: ${n + 1} of ${sorted.length}`);
      const taken = await take(job);
      if ('problem' in taken) problems.add(taken.problem);
    }
    const slices: PageSlices = {
      stacks: [...stacks],
      views: [...page.views],
      patients: page.patients,
      lists: page.lists,
      listOf: page.listOf,
    };
    return { slices, parts: made.parts, problems: [...problems] };
  }

  /** The viewer with what does not lie in its stack. */
  async function opening(view: SliceView, task: Task): Promise<SliceView> {
    const { beside } = view;
    const of = (one: SingleSliceView) => otherPlanes(one, sources.get(one.handle)!, context, task);
    const { among: _, reason: __, ...own } = view;
    return {
      ...own,
      slices: await of(view),
      ...(beside ? { beside: { ...beside, view: { ...beside.view, slices: await of(beside.view) } } } : {}),
    };
  }
}

/** What is gathered for `PageSlices`. */
interface Page {
  readonly views: Map<string, SliceView>;
  readonly patients: [string, PageSlices['patients'][number][1]][];
  readonly lists: (string | null)[][];
  readonly listOf: [string, ListPlace][];
}

function createPage(): Page {
  return { views: new Map(), patients: [], lists: [], listOf: [] };
}

function middleOf({ index, plane, sliceCounts }: SliceView): number {
  return plane === 'axial' ? index : Math.floor(sliceCounts.axial / 2);
}
