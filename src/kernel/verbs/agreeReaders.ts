/** `agree` of three readings or more: Fleiss' κ, Krippendorff's α, the intraclass correlation, and κ of every pair. */
import { from } from 'arquero';
import type { Region } from '../../protocol/names.ts';
import type { Provenance } from '../../protocol/view.ts';
import type { NamedWeights } from '../agreement/categories/weights.ts';
import { completeCases, type Readings } from '../agreement/completeCases.ts';
import { intraclass } from '../agreement/continuous/intraclass.ts';
import { type Estimate, valueIn } from '../agreement/estimate.ts';
import { categoryCounts, fleissKappa } from '../agreement/readers/fleiss.ts';
import { krippendorffAlpha } from '../agreement/readers/krippendorff.ts';
import { pairwiseKappa } from '../agreement/readers/pairwiseKappa.ts';
import { counted } from '../base/counted.ts';
import { classLabel } from '../base/labels.ts';
import { UserError } from '../base/userError.ts';
import { categoryOf } from '../tables/categories.ts';
import { placeOf, type Scores } from '../tables/scores.ts';
import { tableView } from './tableView.ts';
import type { VerbResult } from './verb.ts';

export interface Reader {
  readonly name: string;
  readonly scores: Scores;
}

export interface ReadersQuestion {
  readonly readers: readonly Reader[];
  readonly regions: readonly Region[];
  readonly classes: readonly string[];
  readonly cutPoints: readonly number[];
  readonly weights: NamedWeights;
  readonly provenance: Provenance;
}

/** A row per region and class, as a table. κ and the intraclass correlation take the patients whom all have read. */
export function agreeReaders(question: ReadersQuestion): VerbResult {
  const { readers, regions, classes, provenance } = question;
  const rows = regions.flatMap((region) => classes.map((name) => rowOf(region, name, question)));
  if (rows.every(({ n }) => n === 0))
    throw new UserError(
      'no-common-patient',
      `No patient was read by all of ${readers.map(({ name }) => `\`${name}\``).join(', ')}. Write the same labels in all tables.`,
    );
  const table = from(rows.map(({ reason: _, ...row }) => row));
  const notes = [
    'Fleiss’ κ and the intraclass correlation ICC(2,1) take the patients whom all have read, with 95 % intervals (Gwet 2021; F). Krippendorff’s α takes all patients with two readings or more, κ of a pair those whom both have read.',
    ...rows.flatMap(({ reason, region, class: name }) =>
      reason ? [`${classLabel(name)}, ${region}: empty where ${reason}.`] : [],
    ),
  ];
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    view: () =>
      tableView(table, {
        title: `Agreement of ${counted(readers.length, 'reading')}: ${readers.map(({ name }) => name).join(', ')}`,
        notes,
        researchOnly: true,
        provenance,
      }),
  };
}

function rowOf(region: Region, name: string, { readers, cutPoints, weights }: ReadersQuestion) {
  const categories = cutPoints.length + 1;
  const readings = readingsOf(region, name, readers, cutPoints);
  const { rows: complete, missing } = completeCases(readings);
  const fleiss = fleissKappa(categoryCounts(complete, categories)).overall;
  const { icc21 } = intraclass(complete);
  const pairwise = pairwiseKappa(readings, categories, weights.weights);
  return {
    region,
    class: name,
    n: complete.length,
    missing,
    fleiss_kappa: valueIn(fleiss.kappa),
    fleiss_ci_low: valueIn(fleiss.ciLow),
    fleiss_ci_high: valueIn(fleiss.ciHigh),
    fleiss_p: valueIn(fleiss.p),
    alpha_nominal: valueIn(krippendorffAlpha(readings, 'nominal').alpha),
    alpha_ordinal: valueIn(krippendorffAlpha(readings, 'ordinal').alpha),
    alpha_interval: valueIn(krippendorffAlpha(readings, 'interval').alpha),
    icc: valueIn(icc21.icc),
    icc_ci_low: valueIn(icc21.ciLow),
    icc_ci_high: valueIn(icc21.ciHigh),
    mean_pairwise_kappa: valueIn(pairwise.mean),
    ...Object.fromEntries(
      pairwise.pairs.map(({ left, right, kappa }) => [
        `kappa_${readers[left]!.name}_${readers[right]!.name}`,
        valueIn(kappa.kappa),
      ]),
    ),
    reason: reasonOf(fleiss.kappa),
  };
}

/** Categories by patient and reader; undefined where a reader has none. */
function readingsOf(region: Region, name: string, readers: readonly Reader[], cutPoints: readonly number[]): Readings {
  const patients = [...new Set(readers.flatMap(({ scores }) => scores.rows.map((row) => row.patient)))];
  const byReader = readers.map(({ scores }) => scores.byPlace.get(placeOf(region, name)));
  return patients.map((patient) =>
    byReader.map((scores) => {
      const row = scores?.get(patient);
      return row?.percent === undefined ? row?.score : categoryOf(row.percent, cutPoints);
    }),
  );
}

function reasonOf(estimate: Estimate): string | undefined {
  return 'undefinedBecause' in estimate ? estimate.undefinedBecause : undefined;
}
