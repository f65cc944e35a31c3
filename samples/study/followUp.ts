/**
 * The simulated study a year later: how each patient's true extents changed, and what a program measures at both visits,
 * with a second scan of the first day of some patients, so that what `change` and `repeat` find can be held against it.
 */
import { TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { createRandom } from '../phantom/random.ts';
import type { TruthRow } from '../phantom/truth.ts';
import { type Extents, trueExtents } from './clinic.ts';
import { changedPatient, measuredRows, type StudyPatient, studyPatients, truthRows } from './patients.ts';

/** Logarithms of the factor by which a class grows in a year, and their spread between patients. */
export const YEAR = {
  fibrosis: { mean: 0.25, spread: 0.35 },
  ggo: { mean: -0.3, spread: 0.5 },
} as const;
const RESCANNED = 20;
const LOST_TO_FOLLOW_UP = 0.08;

export interface FollowUpRow extends TruthRow {
  readonly series: string;
  readonly visit: 1 | 2;
  readonly days: number;
}

/** The patient as he or she is a year later. */
function aYearLater(patient: StudyPatient): StudyPatient {
  const random = createRandom(`study-year-${patient.id}`);
  const factor = ({ mean, spread }: typeof YEAR.fibrosis | typeof YEAR.ggo) =>
    Math.exp(mean + spread * random.normal());
  const fibrosis = factor(YEAR.fibrosis);
  return changedPatient(patient, { reticulation: fibrosis, honeycombing: fibrosis, ggo: factor(YEAR.ggo) });
}

/** Who came back, and after how many days. */
function returned({ id }: StudyPatient): number | undefined {
  const random = createRandom(`study-return-${id}`);
  return random() < LOST_TO_FOLLOW_UP ? undefined : Math.round(random.between(330, 400));
}

/** True percent of the whole lungs at both visits, of everybody who came back. */
export function trueChanges(): Map<string, { readonly before: Extents; readonly after: Extents }> {
  const before = trueExtents();
  return new Map(
    studyPatients().flatMap((patient) =>
      returned(patient) === undefined
        ? []
        : [[patient.id, { before: before.get(patient.id)!, after: extentsOf(aYearLater(patient)) }] as const],
    ),
  );
}

function extentsOf(patient: StudyPatient): Extents {
  const total = truthRows(patient).filter(({ region }) => region === 'total');
  const percents = TEXTURE_CLASSES.map((name): [TextureClass, number] => [
    name,
    total.find((row) => row.class === name)!.percent,
  ]);
  // SAFETY: an entry for every class.
  return Object.fromEntries(percents) as Extents;
}

/** What was measured of the whole lungs: visit 1, for some twice on the same day, and visit 2. */
export function followUpRows(): FollowUpRow[] {
  return studyPatients().flatMap((patient, n) => {
    const days = returned(patient);
    const scans = [
      { of: patient, scan: 0, series: 'series-1', visit: 1, days: 0 } as const,
      ...(n < RESCANNED ? [{ of: patient, scan: 1, series: 'series-2', visit: 1, days: 0 } as const] : []),
      ...(days === undefined
        ? []
        : [{ of: aYearLater(patient), scan: 2, series: 'series-1', visit: 2, days } as const]),
    ];
    return scans.flatMap(({ of, scan, ...rest }) =>
      measuredRows(of, scan)
        .filter(({ region }) => region === 'total')
        .map((row) => ({ ...row, ...rest })),
    );
  });
}
