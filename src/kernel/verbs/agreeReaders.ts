/** `agree` of three readings or more: Fleiss' κ, Krippendorff's α, the intraclass correlation, and the range of pairwise κ. */
import { from } from 'arquero';
import type { Region } from '../../protocol/names.ts';
import type { Provenance } from '../../protocol/view.ts';
import { contingencyTable } from '../agreement/contingency.ts';
import { type Estimate, valueIn } from '../agreement/estimate.ts';
import { intraclassCorrelations } from '../agreement/icc.ts';
import { cohenKappa, type KappaWeights } from '../agreement/kappa.ts';
import { fleissKappa, krippendorffAlpha, type Readings } from '../agreement/severalReaders.ts';
import { counted } from '../base/counted.ts';
import { classLabel } from '../base/labels.ts';
import { UserError } from '../base/userError.ts';
import { categoryOf } from '../tables/categories.ts';
import type { Scores } from '../tables/scores.ts';
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
  readonly weights: KappaWeights;
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
    'Fleiss’ κ and the intraclass correlation ICC(2,1) take the patients whom all have read, with 95 % intervals (jackknife; F). Krippendorff’s α takes all patients with two readings or more.',
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
  const patients = [...new Set(readers.flatMap(({ scores }) => scores.rows.map((row) => row.patient)))];
  const readings = readers.map(({ scores }) => {
    const own = new Map(
      scores.rows
        .filter((row) => row.region === region && row.class === name)
        .map((row) => [row.patient, row.percent === undefined ? row.score : categoryOf(row.percent, cutPoints)]),
    );
    return patients.map((patient) => own.get(patient));
  });
  const subjects = patients.map((_, n): Readings => readings.map((reader) => reader[n]));
  const complete = subjects.filter((scores): scores is number[] => scores.every((score) => score !== undefined));
  const kappas = readers.flatMap((_, a) =>
    readers.slice(a + 1).map((__, b) => {
      const other = a + 1 + b;
      const pairs = subjects.filter((scores) => scores[a] !== undefined && scores[other] !== undefined);
      const table = contingencyTable(
        pairs.map((scores) => scores[a]!),
        pairs.map((scores) => scores[other]!),
        categories,
      );
      return valueIn(cohenKappa(table, weights).kappa);
    }),
  );
  const known = kappas.filter((kappa) => kappa !== undefined);
  const fleiss = fleissKappa(subjects, categories);
  const icc = intraclassCorrelations(complete)['ICC(2,1)'];
  return {
    region,
    class: name,
    n: complete.length,
    missing: patients.length - complete.length,
    fleiss_kappa: valueIn(fleiss.value),
    fleiss_ci_low: valueIn(fleiss.ciLow),
    fleiss_ci_high: valueIn(fleiss.ciHigh),
    alpha_nominal: valueIn(krippendorffAlpha(subjects, 'nominal')),
    alpha_ordinal: valueIn(krippendorffAlpha(subjects, 'ordinal')),
    alpha_interval: valueIn(krippendorffAlpha(subjects, 'interval')),
    icc: valueIn(icc.value),
    icc_ci_low: valueIn(icc.ciLow),
    icc_ci_high: valueIn(icc.ciHigh),
    least_pairwise_kappa: known.length ? Math.min(...known) : undefined,
    most_pairwise_kappa: known.length ? Math.max(...known) : undefined,
    reason: reasonOf(fleiss.value),
  };
}

function reasonOf(estimate: Estimate): string | undefined {
  return 'undefinedBecause' in estimate ? estimate.undefinedBecause : undefined;
}
