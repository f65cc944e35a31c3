/** Two CTs of each patient: of two names, or of two visits; who has one alone is named. */
import type { Remark } from '../../protocol/remark.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { warning } from '../base/remarks.ts';
import { ctIdentity } from '../masks/ctIdentity.ts';
import type { Named } from './named.ts';
import type { MeasuredSeries } from './value.ts';

/** Both are of one patient. */
export interface CtPair {
  readonly patient: string;
  readonly first: MeasuredSeries;
  readonly second: MeasuredSeries;
}

export interface CtPairs {
  readonly pairs: readonly CtPair[];
  readonly remarks: readonly Remark[];
}

const NAMES_SHOWN = 6;

/** The measured CTs of two names, by patient, and by visit where both have visits. */
export function pairsOfNames(first: Named<'measurements'>, second: Named<'measurements'>): CtPairs {
  const byVisit = [first, second].every(({ value }) => value.measured.some(({ series }) => series.visit !== undefined));
  const keyOf = ({ patient, series }: MeasuredSeries) => JSON.stringify([patient, byVisit ? (series.visit ?? 0) : 0]);
  return pairsBy(
    { name: `\`${first.name}\``, cts: first.value.measured },
    { name: `\`${second.name}\``, cts: second.value.measured },
    keyOf,
  );
}

/** The measured CTs of two visits of one name. */
export function pairsOfVisits({ name, value }: Named<'measurements'>, from: number, to: number): CtPairs {
  const of = (visit: number) => ({
    name: `visit ${visit} of \`${name}\``,
    cts: value.measured.filter(({ series }) => series.visit === visit),
  });
  return pairsBy(of(from), of(to), ({ patient }) => patient);
}

interface Side {
  /** In the words of a message. */
  readonly name: string;
  readonly cts: readonly MeasuredSeries[];
}

function pairsBy(first: Side, second: Side, keyOf: (ct: MeasuredSeries) => string): CtPairs {
  const [a, b] = [Map.groupBy(first.cts, keyOf), Map.groupBy(second.cts, keyOf)];
  const pairs = [...a].flatMap(([key, [own]]): CtPair[] => {
    const other = b.get(key)?.[0];
    return own && other ? [{ patient: own.patient, first: own, second: other }] : [];
  });
  const several = [...a.values(), ...b.values()].filter((cts) => cts.length > 1).map(([ct]) => ct!.patient);
  return {
    pairs,
    remarks: [
      ...without(
        first,
        [...b].filter(([key]) => !a.has(key)),
      ),
      ...without(
        second,
        [...a].filter(([key]) => !b.has(key)),
      ),
      ...(several.length
        ? [
            about(
              'several-series',
              several,
              (names) =>
                `Several CTs were measured of ${names}, and the first is taken. Choose another by \`load … series\`.`,
            ),
          ]
        : []),
    ],
  };
}

function without({ name }: Side, lonely: readonly (readonly [string, readonly MeasuredSeries[]])[]): Remark[] {
  const patients = lonely.map(([, cts]) => cts[0]!.patient);
  if (patients.length === 0) return [];
  return [
    about('no-pair', patients, (names) => `There is no CT of ${names} in ${name}, so that nothing can be compared.`),
  ];
}

function about(
  code: 'no-pair' | 'several-series',
  patients: readonly string[],
  say: (names: string) => string,
): Remark {
  const unique = [...new Set(patients)];
  return { ...warning(code, say(atMost(unique, NAMES_SHOWN))), patients: unique };
}

/** The most that slices may differ in thickness before densities and textures do. */
const THICKNESS_MM = 1;

/** What in the files of both CTs speaks against comparing them. Reads the header of each first file. */
export async function doubtsOfPair({ patient, first, second }: CtPair, signal: AbortSignal): Promise<Remark[]> {
  const [a, b] = [first.series, second.series];
  const doubts: Remark[] = [];
  const [own, other] = [await ctIdentity(patient, a, signal), await ctIdentity(patient, b, signal)];
  if (own.patientId && other.patientId && own.patientId !== other.patientId)
    doubts.push(
      warning(
        'unknown-people',
        'The two CTs have the same label, and different numbers of the patient in their files. Make sure that both are of one person.',
      ),
    );
  const differences = [
    a.convolutionKernel !== b.convolutionKernel && a.convolutionKernel && b.convolutionKernel
      ? `convolution kernels ${a.convolutionKernel} and ${b.convolutionKernel}`
      : '',
    a.sliceThicknessMm !== undefined &&
    b.sliceThicknessMm !== undefined &&
    Math.abs(a.sliceThicknessMm - b.sliceThicknessMm) > THICKNESS_MM
      ? `slices of ${a.sliceThicknessMm} and ${b.sliceThicknessMm} mm`
      : '',
  ].filter(Boolean);
  if (differences.length)
    doubts.push(
      warning(
        'different-kernels',
        `The two CTs differ in how they were made (${differences.join(', ')}): densities and textures differ by that alone. Compare series that were made alike where there are some.`,
      ),
    );
  return doubts;
}
