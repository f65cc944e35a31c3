/** `change … on voxels` and `… on lesions`: what became of each voxel from one visit to another, by registration of both CTs. */
import { from as tableFrom } from 'arquero';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { subtask } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { classesBrought } from '../../lungs/means.ts';
import type { LesionRow } from '../../registration/lesions.ts';
import { doubtsOf } from '../../registration/quality.ts';
import type { Registration, RegistrationQuality } from '../../registration/registration.ts';
import type { ComparedReadings, Transition } from '../../registration/transitions.ts';
import { type CtPair, pairsOfVisits } from '../../values/ctPairs.ts';
import { resultKey } from '../../values/handles.ts';
import { overlayMaps } from '../../values/measuredSeries.ts';
import type { Named } from '../../values/named.ts';
import { registrationKey, registrationOf } from '../../values/registrations.ts';
import type { MeasuredSeries, TableValue } from '../../values/value.ts';
import { transitionMatrix } from '../../views/figures/transitionMatrix.ts';
import { tableView } from '../../views/tableView.ts';
import { LESION_HEADINGS, TRANSITION_HEADINGS } from '../../views/transitionHeadings.ts';
import { eachPair } from '../eachPair.ts';
import { pairHandle } from '../pairHandle.ts';
import type { VerbContext, VerbResult } from '../verb.ts';
import { lesionRows, transitionRows } from './transitionRows.ts';

export interface AskedChange {
  /** Numbers of the visits. */
  readonly from: number;
  readonly to: number;
  readonly on: 'voxels' | 'lesions';
  readonly byRegion: boolean;
}

/** What is known of one patient. */
export interface ChangedVoxels {
  readonly transitions: readonly Transition[];
  readonly lesions: readonly LesionRow[];
  readonly quality: RegistrationQuality;
}

/** Throws a UserError where no patient has both visits, or nothing could be registered. */
export async function changeVoxels(
  subject: Named<'measurements'>,
  asked: AskedChange,
  context: VerbContext,
): Promise<VerbResult> {
  const { from, to, on, byRegion } = asked;
  const { pairs, remarks } = pairsOfVisits(subject, from, to);
  if (pairs.length === 0)
    throw new UserError(
      'no-pair',
      `No patient of \`${subject.name}\` was measured at visit ${from} and at visit ${to}.`,
    );
  const { done, flags } = await eachPair(pairs, (pair, own) => changeOne(pair, on, own), context);
  const rows = done.flatMap<object>(({ pair, result }) =>
    on === 'lesions' ? lesionRows(pair, result) : transitionRows(pair, result, byRegion ? LOBAR_REGIONS : ['total']),
  );
  if (rows.length === 0) throw new UserError('nothing-compared', 'No class was found at either visit.');
  const table = tableFrom(rows);
  const provenance = {
    ...subject.value.provenance,
    parameters: { ...subject.value.provenance.parameters, changed: `visit ${from} to ${to}`, registered: 'demons' },
  };
  const value: TableValue = {
    kind: 'table',
    table,
    cutPoints: undefined,
    headings: on === 'lesions' ? LESION_HEADINGS : TRANSITION_HEADINGS,
    registered: {
      pairs: done.map(({ pair }) => pair),
      flags: { first: subject.value.flags, second: [...subject.value.flags, ...flags] },
    },
    ...(on === 'voxels' && {
      figures: {
        transitions: (left, figure) => transitionMatrix(left, { name: subject.name, ...asked, provenance }, figure),
      },
    }),
    ...(subject.value.flow ? { flow: subject.value.flow } : {}),
    provenance,
  };
  return {
    value,
    flags,
    remarks,
    view: () => {
      const handle = pairHandle(value, context);
      return {
        ...tableView(table, {
          title: `${on === 'lesions' ? 'Lesions' : 'Voxels'} of ${subject.name} from visit ${from} to ${to}: ${counted(done.length, 'patient')}`,
          notes: NOTES[on],
          researchOnly: true,
          provenance,
          columns: on === 'lesions' ? LESION_HEADINGS : TRANSITION_HEADINGS,
        }),
        ...(handle === undefined ? {} : { patientsHandle: handle }),
      };
    },
  };
}

const NOTES = {
  voxels: [
    'Volumes before are those of the first visit, and percent is of what the class had there; volumes after are those of the same tissue at the second visit, by the deformation. Regions are those of the first visit. `outside`: where the second visit has no lung at the voxel’s place.',
  ],
  lesions: [
    'A lesion is new where none of its connected voxels had its class at the first visit, and gone where none has it at the second; islands below 0.2 ml do not count. Volumes are on the grid of the first visit.',
  ],
} as const;

async function changeOne(
  pair: CtPair,
  on: AskedChange['on'],
  context: VerbContext,
): Promise<{ readonly result: ChangedVoxels; readonly doubts: readonly Remark[] }> {
  const { images, measurements, task } = context;
  const registration = await registrationOf(pair, { ...context, task: subtask(task, 0, 0.85) });
  const { quality } = registration;
  const decisions = [pair.first, pair.second].map((ct) => ct.decisions ?? null);
  const key = resultKey('change', on, registrationKey(pair), decisions);
  const known = await measurements.json<Pick<ChangedVoxels, 'transitions' | 'lesions'>>(key);
  if (known) return { result: { ...known, quality }, doubts: doubtsOf(quality) };
  const readings = await readingsOf(pair, registration, { ...context, task: subtask(task, 0.85, 0.9) });
  const rest = subtask(task, 0.9, 1);
  const counts = {
    transitions: on === 'voxels' ? await images.transitions(readings, rest) : [],
    lesions: on === 'lesions' ? await images.lesions(readings, rest) : [],
  };
  await measurements.putJson(key, counts);
  return { result: { ...counts, quality }, doubts: doubtsOf(quality) };
}

async function readingsOf(
  { first, second }: CtPair,
  registration: Registration,
  context: VerbContext,
): Promise<ComparedReadings> {
  const [classes, others] = [classesOf(first), classesOf(second)];
  if (classes.join() !== others.join())
    throw new UserError('model-class', 'The two visits were measured by models that know other classes.');
  const [before, after] = [await overlayMaps(first, context), await overlayMaps(second, context)];
  const of = ({ lobes, textures }: typeof before) => ({ lobes, textures });
  return { first: of(before), second: of(after), registration, classes };
}

function classesOf({ models }: MeasuredSeries): string[] {
  return [...TEXTURE_CLASSES, ...classesBrought(models).map(({ name }) => name)];
}
