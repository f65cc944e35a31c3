/** The two CTs of a patient side by side, the second moved to where the first has each voxel: slices show the same tissue. */
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import type { Levels, Provenance, SingleSliceView, SliceView } from '../../protocol/view.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { subtask } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { RESPONSES, type TrappingThresholds } from '../registration/trapping.ts';
import type { CtPair } from '../values/ctPairs.ts';
import { imageHandle } from '../values/handles.ts';
import { overlayMaps } from '../values/measuredSeries.ts';
import { registrationKey, registrationOf } from '../values/registrations.ts';
import { respondedPair } from '../values/responses.ts';
import type { RegisteredPairs } from '../values/value.ts';
import type { SliceQuestion } from './sliceQuestion.ts';
import { type OpenedCt, openCt, type ViewerContext, viewOf } from './sliceView.ts';
import type { ViewerOverlay } from './viewerSource.ts';

/** A table's pairs with what its result was made with. */
export interface ComparedPairs {
  readonly registered: RegisteredPairs;
  readonly provenance: Provenance;
}

type Look = Partial<Pick<SliceQuestion, 'plane' | 'index' | 'window'>>;

/** Classes of the response map, beside the six: colours that are told apart on grey and from each other by those who see no red or green. */
const RESPONSE_CLASSES: readonly OwnClass[] = [
  { name: RESPONSES[0], letter: 'p', colour: '#1b9e4b' },
  { name: RESPONSES[1], letter: 's', colour: '#f0c419' },
  { name: RESPONSES[2], letter: 'e', colour: '#d7301f' },
  { name: RESPONSES[3], letter: 'o', colour: '#6a51a3' },
];
/** In a map of textures the first class of its own is 7. */
const FIRST_OWN = 6;

const SAME: Levels['axial'] = [
  [0, 0],
  [1, 1],
];

/** Which pair: the first one of those that are of the patient, have the series as their first CT, or a CT of the visit. */
interface WantedPair {
  readonly patient?: string | undefined;
  readonly series?: string | undefined;
  readonly visit?: number | undefined;
}

export function pairOf({ pairs }: RegisteredPairs, { patient, series, visit }: WantedPair): CtPair | undefined {
  return pairs.find(
    ({ patient: own, first, second }) =>
      (patient === undefined || own === patient) &&
      (series === undefined || first.series.id === series) &&
      (visit === undefined || [first, second].some((ct) => ct.series.visit === visit)),
  );
}

/** Throws a UserError where the patient has no such pair, or it cannot be registered. */
export async function registeredView(
  { registered, provenance }: ComparedPairs,
  wanted: WantedPair,
  look: Look,
  context: ViewerContext,
): Promise<SliceView> {
  const { pairs, thresholds } = registered;
  const pair = pairOf(registered, wanted);
  if (!pair) {
    const { patient, visit } = wanted;
    const of = [patient, visit === undefined ? '' : `visit ${visit}`].filter(Boolean).join(', ');
    const known = [...new Set(pairs.map((one) => one.patient))];
    throw new UserError('unknown-patient', `No two CTs of ${of} were compared; they were of ${atMost(known, 6)}.`);
  }
  const { task } = context;
  const question = questionOf(pair, look);
  const first = await openCt(question, { ...context, task: subtask(task, 0, 0.3) });
  const response = thresholds && responseOverlay(pair, thresholds, context);
  const left = response ? { ...first, tables: undefined, source: { ...first.source, overlay: response } } : first;
  const right = await movedCt(pair, first, look, context);
  const view = await viewOf(left, context);
  const other = await viewOf(right, context, indicesOf(view));
  const flagsOf = (side: 'first' | 'second') =>
    registered.flags[side].filter((flag) => flag.patient === pair.patient && flag.series === pair[side].series.id);
  return {
    ...view,
    flags: flagsOf('first'),
    provenance,
    ...(response && {
      overlay: true,
      overlayName: 'response map',
      ownClasses: RESPONSE_CLASSES,
      onlyOwnClasses: true as const,
    }),
    beside: {
      view: {
        ...other,
        flags: flagsOf('second'),
        provenance,
        title: `${other.title}, moved onto ${pair.first.series.id}`,
        overlay: !response,
      },
      levels: { axial: SAME, coronal: SAME, sagittal: SAME },
      by: 'registered',
    },
  };
}

function questionOf({ patient, first: measured }: CtPair, { plane = 'axial', index, window = HU_WINDOWS.lung }: Look) {
  const { series } = measured;
  const overlay = { measured, flags: [], provenance: NO_PROVENANCE };
  return { patient, series, overlay, plane, index, window } satisfies SliceQuestion;
}

/** Replaced by that of the comparison. */
const NO_PROVENANCE: Provenance = { software: '', models: [], inputs: {}, parameters: {} };

function indicesOf({ slices }: SingleSliceView) {
  const of = (plane: 'axial' | 'coronal' | 'sagittal') => slices.find((slice) => slice.plane === plane)!.index;
  return { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
}

/** The second CT on the grid of the first, with its textures where it was asked for them. */
async function movedCt(
  pair: CtPair,
  { grid, profile }: OpenedCt,
  look: Look,
  context: ViewerContext,
): Promise<OpenedCt> {
  const { patient, second } = pair;
  const registration = await registrationOf(pair, { ...context, task: subtask(context.task, 0.3, 0.9) });
  const { size, affine } = grid;
  const fixed = { size, affine };
  const key = imageHandle('moved', registrationKey(pair));
  const own = { size, affine, sha256: second.sha256 };
  const overlay: ViewerOverlay = remembered(JSON.stringify([key, second.cacheKey, second.decisions]), async (task) => {
    const maps = await overlayMaps(second, { ...context, task: subtask(task, 0, 0.3) });
    const move = (map: typeof maps.lobes, from: number) =>
      context.images.moveLabels({ map, registration, fixed }, subtask(task, from, from + 0.35));
    return { lobes: await move(maps.lobes, 0.3), textures: await move(maps.textures, 0.65) };
  });
  const question = { ...questionOf(pair, look), index: undefined, series: second.series, overlay: undefined };
  const source = { series: second.series, grid: own, overlay, moved: { key, registration, fixed } };
  return { question: { ...question, patient }, source, tables: undefined, places: undefined, grid: own, profile };
}

/** The map of the response as textures of its own. */
function responseOverlay(pair: CtPair, thresholds: TrappingThresholds, context: ViewerContext): ViewerOverlay {
  return remembered(JSON.stringify(['response', registrationKey(pair), thresholds]), async (task) => {
    const { map } = await respondedPair(pair, thresholds, { ...context, task: subtask(task, 0, 0.7) });
    const { lobes } = await overlayMaps(pair.first, { ...context, task: subtask(task, 0.7, 1) });
    const labels = map.labels.slice();
    for (let v = 0; v < labels.length; v++) if (labels[v]) labels[v]! += FIRST_OWN;
    return { lobes, textures: { ...map, labels } };
  });
}

/** Maps that are made once; where that fails or is given up, again by who wants them next. */
function remembered(key: string, make: ViewerOverlay['maps']): ViewerOverlay {
  let made: ReturnType<ViewerOverlay['maps']> | undefined;
  return {
    key,
    maps(task) {
      made ??= make(task).catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
  };
}
