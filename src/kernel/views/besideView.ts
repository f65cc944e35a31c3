/** The slices of two CTs side by side, which scroll together at the same level of the body. */
import { sameLevel } from '../../protocol/levels.ts';
import type { Levels, Plane, Provenance, SingleSliceView, SliceView } from '../../protocol/view.ts';
import { subtask } from '../base/task.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import { imageHandle } from '../values/handles.ts';
import { joinedParameters } from '../values/provenance.ts';
import { levelsBetween } from './sameLevel.ts';
import type { SliceQuestion } from './sliceQuestion.ts';
import { type OpenedCt, openCt, sliceView, type ViewerContext, viewOf } from './sliceView.ts';

/** Of one CT, or of two where the question has another beside. */
export async function viewFor(question: SliceQuestion, context: ViewerContext): Promise<SliceView> {
  return question.beside ? besideView(question, question.beside, context) : sliceView(question, context);
}

/** Both are shown in the plane and the window of the first, at its level. */
export async function besideView(
  first: SliceQuestion,
  beside: Pick<SliceQuestion, 'patient' | 'series' | 'overlay'>,
  context: ViewerContext,
): Promise<SliceView> {
  const { task } = context;
  const left = await openCt(first, { ...context, task: subtask(task, 0, 0.5) });
  const { plane, window } = first;
  const question = { ...beside, plane, index: undefined, window };
  const right = await openCt(question, { ...context, task: subtask(task, 0.5, 1) });
  const [pair, counterpart] = [pairName('first', left, right), pairName('beside', left, right)];
  const view = await viewOf({ ...left, question: { ...first, pair } }, context);
  const matched = levelsBetween(left, right);
  const shownBeside = { ...right, question: { ...question, pair: counterpart } };
  const other = await viewOf(shownBeside, context, levelsOf(view, matched.levels, sliceCounts(right.grid.size)));
  const provenance = jointProvenance(view.provenance, other.provenance);
  return { ...view, ...(provenance ? { provenance } : {}), beside: { view: other, ...matched } };
}

function pairName(which: 'first' | 'beside', left: OpenedCt, right: OpenedCt): string {
  const keyOf = ({ grid, source }: OpenedCt) => [grid.sha256, source.overlay?.key ?? null];
  return imageHandle(which, keyOf(left), keyOf(right));
}

/** The slices that show the level of those that the first view begins with. */
function levelsOf(
  { slices }: SingleSliceView,
  levels: Levels,
  counts: Readonly<Record<Plane, number>>,
): Record<Plane, number> {
  const of = (plane: Plane) =>
    sameLevel(levels[plane], slices.find((slice) => slice.plane === plane)!.index, counts[plane]);
  return { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
}

function jointProvenance(a: Provenance | undefined, b: Provenance | undefined): Provenance | undefined {
  if (!a || !b) return a ?? b;
  return {
    software: a.software,
    models: [...a.models, ...b.models.filter((model) => a.models.every(({ sha256 }) => sha256 !== model.sha256))],
    inputs: { ...a.inputs, ...b.inputs },
    parameters: joinedParameters(a.parameters, b.parameters),
  };
}
