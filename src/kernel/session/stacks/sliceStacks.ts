/**
 * Reduced stacks of the CTs that a notebook's outputs show or lead to, for a page that has no kernel to ask
 * (`lungnb run --html --slices N`).
 */
import type { MadePageSlices, SliceStack } from '../../../protocol/pageSlices.ts';
import type { SliceView, ViewModel } from '../../../protocol/view.ts';
import { type Task, unattended } from '../../base/task.ts';
import type { ViewerSource } from '../../views/viewerSource.ts';
import { keptByHandle } from '../keptByHandle.ts';
import { orProblem } from '../orProblem.ts';
import type { PatientSlices } from '../patientSlices.ts';
import { type Gathered, type Job, jobsOf } from './stackJobs.ts';
import { createStackParts, encoded, type StackContext, unread } from './stackParts.ts';

/** Viewers that a notebook shows or leads to: without label maps each takes some kilobytes. */
const VIEWERS_KEPT = 20_000;
/** CTs of which one slice is packed to estimate the others. */
const SAMPLED = 3;

export interface StackPlan {
  readonly cts: number;
  /** What the page has more with them. */
  readonly estimatedBytes: number;
  /** `problems` say which CTs' slices could not be had. Rejects where the task is given up. Called once. */
  make(task: Task): Promise<MadePageSlices & { readonly problems: readonly string[] }>;
}

type SourceOf = (handle: string) => ViewerSource | undefined;

export function createSliceStacks(context: StackContext, patientSlices: PatientSlices) {
  const sources = keptByHandle<ViewerSource>(VIEWERS_KEPT);
  const keepViewer = (handle: string, source: ViewerSource) =>
    sources.keep(handle, unread(source, context, unattended));
  return {
    keep: keepViewer,
    /** Of what the outputs show, `perCt` slices of each CT. */
    async plan(shown: readonly ViewModel[], perCt: number, task: Task): Promise<StackPlan> {
      const gathered: Gathered = { views: new Map(), cts: [], lists: [], listOf: [] };
      const jobs = jobsOf(shown, { context, patientSlices, sourceOf: sources.get, keepViewer, gathered });
      return {
        cts: new Set(jobs.flatMap(({ series }) => series)).size,
        estimatedBytes: await estimate({ jobs, perCt, context, sourceOf: sources.get }, task),
        make: (making) => make({ jobs, perCt, context, sourceOf: sources.get }, gathered, making),
      };
    },
  };
}

interface Planned {
  readonly jobs: readonly Job[];
  readonly perCt: number;
  readonly context: StackContext;
  readonly sourceOf: SourceOf;
}

/** From a middle slice of some CTs, by the pixels of each. */
async function estimate({ jobs, perCt, context, sourceOf }: Planned, task: Task): Promise<number> {
  const count = Math.min(SAMPLED, jobs.length);
  let [bytes, pixels] = [0, 0];
  for (let n = 0; n < count; n++) {
    task.signal.throwIfAborted();
    const reply = await jobs[Math.floor(((n + 0.5) * jobs.length) / count)]!.open();
    const source = 'view' in reply ? sourceOf(reply.view.handle) : undefined;
    if (!source || !('view' in reply)) continue;
    const sampled = await orProblem(() =>
      encoded(source, [{ plane: 'axial', index: middleOf(reply.view) }], context, task),
    );
    if ('problem' in sampled) continue;
    bytes += JSON.stringify(sampled).length;
    pixels += source.grid.size[0] * source.grid.size[1];
  }
  const cts = new Set(jobs.flatMap(({ series }) => series));
  const all = [...cts].reduce((sum, { size: [nx, ny, nz] }) => {
    // Of the other planes a slice each.
    return sum + nx * ny * Math.min(perCt, nz) + (nx + ny) * nz;
  }, 0);
  return pixels ? Math.round((bytes / pixels) * all) : 0;
}

function middleOf({ index, plane, sliceCounts }: SliceView): number {
  return plane === 'axial' ? index : Math.floor(sliceCounts.axial / 2);
}

async function make({ jobs, perCt, context, sourceOf }: Planned, gathered: Gathered, task: Task) {
  const made = createStackParts(perCt, context);
  const stacks = new Map<string, SliceStack>();
  const stackOf = async (handle: string, like?: SliceStack) => {
    const source = sourceOf(handle);
    if (source && !stacks.has(handle)) stacks.set(handle, await made.stackOf(source, like, task));
    return stacks.get(handle);
  };
  const take = async ({ done }: Job, view: SliceView) => {
    const { handle, beside } = view;
    const first = await stackOf(handle);
    if (beside) await stackOf(beside.view.handle, beside.by === 'registered' ? first : undefined);
    if (!done) return { handle };
    if (!gathered.views.has(handle)) gathered.views.set(handle, opening(view));
    await done(view);
    return { handle };
  };
  const problems = new Set<string>();
  // A CT is read once for all that is shown of it.
  const sorted = [...Map.groupBy(jobs, ({ series }) => series[0]).values()].flat();
  for (const [n, job] of sorted.entries()) {
    task.signal.throwIfAborted();
    task.progress(n / sorted.length, `slices for the page: ${n + 1} of ${sorted.length}`);
    const reply = await job.open();
    const taken = 'problem' in reply ? reply : await orProblem(() => take(job, reply.view));
    if ('problem' in taken) problems.add(taken.problem);
  }
  const { views, ...rest } = gathered;
  return { slices: { ...rest, views: [...views], stacks: [...stacks] }, parts: made.parts, problems: [...problems] };
}

/** The viewer without what lies in its stack, and without what depends on how one came to it. */
function opening({ among: _, reason: __, beside, ...view }: SliceView): SliceView {
  const without = beside && { ...beside, view: { ...beside.view, slices: [] } };
  return { ...view, slices: [], ...(without ? { beside: without } : {}) };
}
