/** `agree`: two readings of the same patients, by rank correlation and κ. */

import { from } from 'arquero';
import { LOBES, REGIONS, type Region, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Message, Provenance } from '../../../protocol/view.ts';
import {
  type AgreementPair,
  type AgreementPairs,
  agreementRow,
  type ConfidenceMethod,
} from '../../agreement/agreementTable.ts';
import { KAPPA_WEIGHTS, type NamedWeights } from '../../agreement/categories/weights.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import { categoryOf } from '../../tables/categories.ts';
import { rowsOf } from '../../tables/rows.ts';
import { type ScoreRow, type Scores, placeOf as scorePlace } from '../../tables/scores.ts';
import { spelledOtherwise } from '../../values/patientLabels.ts';
import { joinedParameters } from '../../values/provenance.ts';
import type { AgreementValue, MeasurementsValue } from '../../values/value.ts';
import { remarksOf, sentencesOf } from '../../views/agreementNotes.ts';
import { tableView } from '../../views/tableView.ts';
import {
  type Arguments,
  itemsOf,
  type Named,
  named,
  numberOf,
  partsOf,
  type Resolved,
  wordOf,
  wordsOf,
} from '../arguments.ts';
import { CLASSES_TYPE, oneOf } from '../clauseTypes.ts';
import type { Verb, VerbResult } from '../verb.ts';
import { agreeCounts, COUNT_COLUMNS } from './agreeCounts.ts';
import { agreeDifference } from './agreeDifference.ts';
import { agreePublished } from './agreePublished.ts';
import { agreeReaders } from './agreeReaders.ts';
import { cutPointsOf, type Side, scoresOfSide, sidesOf } from './agreeSides.ts';

export const agree: Verb = {
  name: 'agree',
  summary: 'Compares two readings by rank correlation and κ.',
  documentation:
    'Pairs the patients of both sides. ρ (Spearman) is taken between the values as they are, percent or score; κ (Cohen) between the categories, for percentages at the cut points of a scored table or else 1, 25, 50, 75. Without `by region` the whole lungs are compared; with it the lungs and each lobe. A pair that is missing on either side is left out and counted. The p of ρ is exact for up to 9 patients and by t beyond; its interval is by Fisher’s z with the Bonett–Wright variance; the interval of κ is by the Fleiss–Cohen–Everitt standard error, on the full scale of categories. `kappa_max`, `pabak` and `ac1` are unweighted whatever `weights` says; prevalence and bias indices are for present (≥ 1) against absent.\n\nA table with a column `reader` that names several readers counts as that many readings. With three readings or more: Fleiss’ κ, Krippendorff’s α and the intraclass correlation. Of two agreements: how much ρ and κ differ on the same patients, by the paired bootstrap. Without `with`: a table of several readers compares them with each other; a contingency table (`left, right, count`) gives an agreement like any other; a published table (`class, n`, with `reader, category, count` and optionally `percent`, and the coefficients `rho, rho_p, kappa, kappa_ci_low, kappa_ci_high`) the range of κ that its margins allow, and what in it does not fit together. `describe` lists every further statistic of an agreement.',
  examples: [
    'agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag',
    'agree reader1 with reader2, reader3 as readers',
    'agree ai with all_readers as all',
    'agree ai_reader with reader_reader as difference',
    'agree published',
  ],
  subject: {
    type: { kind: 'name', of: ['measurements', 'table', 'agreement'] },
    noun: 'the name of measurements or scores',
    documentation: 'One reading: measurements, scores, or a reader’s table; or an agreement.',
  },
  clauses: {
    with: {
      type: { kind: 'list', of: { kind: 'name', of: ['measurements', 'table', 'agreement'] } },
      documentation: 'The other reading, or several; for an agreement, another one.',
    },
    by: { type: oneOf('region'), documentation: '`by region` compares each lobe beside the whole lungs.' },
    for: {
      type: CLASSES_TYPE,
      default: 'all classes',
      documentation:
        'The classes to compare; those that `derive` made, or that readers have beside the six, are compared where they are named here.',
    },
    pooling: {
      type: oneOf('lobes'),
      documentation:
        'Compares the five lobes of all patients as one; intervals and p are by bootstrap over patients, since the lobes of one patient are not independent.',
    },
    weights: {
      type: {
        kind: 'sequence',
        parts: [{ type: oneOf(...KAPPA_WEIGHTS, 'table') }, { type: { kind: 'name', of: ['table'] }, optional: true }],
      },
      default: 'none',
      documentation:
        'The weights of κ; `table costs` takes them from a table of your own, with a row and a column per category, 1 where both agree and between 0 and 1 elsewhere.',
    },
    ci: {
      type: {
        kind: 'sequence',
        parts: [
          { type: oneOf('asymptotic', 'jackknife', 'bootstrap', 'bca') },
          { type: { kind: 'number', integer: true, minimum: 100, maximum: 100000 }, optional: true },
        ],
      },
      default: 'asymptotic',
      documentation:
        'How confidence intervals are made: `asymptotic`; `jackknife` (κ alone); `bootstrap N` with N resamples of the patients, by percentiles; or `bca N`, bias-corrected and accelerated. Of several readings, `bootstrap N` is for Krippendorff’s α.',
    },
    seed: {
      type: { kind: 'number', integer: true, minimum: 0 },
      default: '1',
      documentation: 'The seed of the bootstrap.',
    },
  },
  gives: ['agreement', 'table'],
  alwaysShown: false,
  async run(values) {
    const subject = named(values.subject, 'measurements', 'table', 'agreement');
    if (!values.clauses.with) {
      const table = named(values.subject, 'table');
      const columns = table.value.table.columnNames();
      const isCounts = COUNT_COLUMNS.every((column) => columns.includes(column));
      if (isCounts) return agreeCounts(table, weightsOf(values), confidenceOf(values));
      const readers = sidesOf([named(values.subject, 'measurements', 'table')]);
      return readers.length > 1 && columns.includes('patient') ? agreeSides(readers, values) : agreePublished(table);
    }
    const others = itemsOf(values.clauses.with);
    if (subject.value.kind === 'agreement') return agreeDifferent(values, others);
    return agreeSides(sidesOf([values.subject, ...others].map((side) => named(side, 'measurements', 'table'))), values);
  },
};

function agreeDifferent(values: Arguments, others: readonly Resolved[]): VerbResult {
  const [first, second] = [values.subject, others[0]!].map((side) => named(side, 'agreement'));
  if (others.length > 1)
    throw new UserError('too-many', `Two agreements are compared at a time, and ${others.length + 1} are named.`);
  const ci = confidenceOf(values);
  if (values.clauses.ci && !('repetitions' in ci))
    throw new UserError(
      'bootstrap-only',
      `Two agreements are compared by the paired bootstrap alone. Write \`ci bootstrap 2000\` or \`ci bca 2000\` in the place of \`ci ${ci.kind}\`.`,
    );
  return agreeDifference(first!, second!, { ...bootstrapOf(values), method: ci.kind === 'bca' ? 'bca' : 'percentile' });
}

function agreeSides(sides: readonly Side[], values: Arguments): VerbResult {
  return sides.length === 2 ? agreeTwo(sides[0]!, sides[1]!, values) : agreeMany(sides, values);
}

function agreeMany(sides: readonly Side[], values: Arguments): VerbResult {
  const ci = confidenceOf(values);
  if (values.clauses.pooling || ci.kind === 'jackknife' || ci.kind === 'bca')
    throw new UserError(
      'two-readings-only',
      `\`${values.clauses.pooling ? 'pooling lobes' : `ci ${ci.kind}`}\` is for two readings, and there are ${sides.length} (${sides.map(({ name }) => name).join(', ')}).`,
    );
  const scored = sides.find(({ value }) => value.cutPoints) ?? sides[0]!;
  const cutPoints = sides.map((side) => cutPointsOf(scored, side))[0]!;
  const classes = wordsOf(values.clauses.for) ?? TEXTURE_CLASSES;
  const readers = sides.map((side) => ({ name: side.name, scores: scoresOfSide(side, cutPoints, classes) }));
  const weights = weightsOf(values);
  const provenance = sides.slice(1).reduce(
    (joined, side) =>
      provenanceOf({ value: { provenance: joined } }, side, {
        cutPoints,
        weights: weights.name,
        readings: sides.length,
      }),
    sides[0]!.value.provenance,
  );
  return agreeReaders({
    readers,
    regions: regionsOf(values),
    classes,
    cutPoints,
    weights,
    bootstrap: bootstrapOf(values),
    provenance,
  });
}

function regionsOf({ clauses }: Arguments): readonly Region[] {
  return clauses.by ? REGIONS : ['total'];
}

function weightsOf({ clauses }: Arguments): NamedWeights {
  const [word, table] = clauses.weights ? partsOf(clauses.weights) : [];
  const name = word ? wordOf(word) : 'none';
  const usual = KAPPA_WEIGHTS.find((known) => known === name);
  if (usual && !table) return { name: usual, weights: usual };
  if (usual || !table)
    throw new UserError(
      'weights',
      'Write `weights table` with the name of a table, or `weights` with none, linear or quadratic alone.',
    );
  return weightsInTable(named(table, 'table'));
}

/** A row and a column per category; columns of text are labels. */
function weightsInTable({ name, value }: Named<'table'>): NamedWeights {
  const rows = rowsOf(value.table);
  return { name, weights: rows.map((row) => Object.values(row).filter((cell) => typeof cell === 'number')) };
}

function agreeTwo(left: Side, right: Side, values: Arguments): VerbResult {
  const cutPoints = cutPointsOf(left, right);
  const classes = wordsOf(values.clauses.for) ?? TEXTURE_CLASSES;
  const readings = [left, right].map((side) => scoresOfSide(side, cutPoints, classes)) as [Scores, Scores];
  const regions = regionsOf(values);
  const weights = weightsOf(values);
  const ci = confidenceOf(values);
  const { patients, messages } = matchPatients(left.name, right.name, readings);
  const pairIn = (region: Region, name: string) => pair(region, name, readings, patients, cutPoints);
  const groups = values.clauses.pooling
    ? classes.map((name) => pooledLobes((lobe) => pairIn(lobe, name)))
    : regions.flatMap((region) => classes.map((name) => pairIn(region, name)));
  const results = groups.map((group) => agreementRow(group, weights, ci));
  if (results.every(({ row }) => row.n === 0))
    throw new UserError(
      'no-pairs',
      `\`${left.name}\` and \`${right.name}\` share patients but no score of ${classes.join(', ')} in ${regions.join(', ')}.`,
    );
  const remarks = remarksOf(results, groups);
  const provenance = provenanceOf(left, right, {
    cutPoints,
    weights: weights.name,
    ci: ci.kind,
    ...('seed' in ci ? { repetitions: ci.repetitions, seed: ci.seed } : {}),
    ...(values.clauses.pooling ? { pooling: 'lobes' } : {}),
  });
  const value: AgreementValue = {
    kind: 'agreement',
    table: from(results.map(({ row }) => row)),
    pairs: groups,
    names: { left: left.name, right: right.name },
    weights,
    cutPoints,
    measurements: [left, right].map((side) => side.value).find(isMeasured),
    isPercent: { left: isPercent(readings[0]), right: isPercent(readings[1]) },
    remarks,
    provenance,
  };
  return {
    value,
    messages: [
      ...messages,
      ...readings.flatMap((r) => r.warnings.map((text): Message => ({ severity: 'warning', text }))),
    ],
    view: () =>
      tableView(value.table, {
        title: `Agreement of ${left.name} with ${right.name}`,
        notes: sentencesOf(remarks),
        researchOnly: true,
        provenance,
      }),
  };
}

function confidenceOf(values: Arguments): ConfidenceMethod {
  const [method] = values.clauses.ci ? partsOf(values.clauses.ci) : [];
  const kind = method ? wordOf(method) : 'asymptotic';
  if (kind === 'asymptotic' || kind === 'jackknife') return { kind };
  return { kind: kind === 'bca' ? 'bca' : 'bootstrap', ...bootstrapOf(values) };
}

function bootstrapOf({ clauses }: Arguments): { repetitions: number; seed: number } {
  const [, repetitions] = clauses.ci ? partsOf(clauses.ci) : [];
  return {
    repetitions: repetitions ? numberOf(repetitions) : 2000,
    seed: clauses.seed ? numberOf(clauses.seed) : 1,
  };
}

/** All patients of either side, with a warning that names those of one side only. */
function matchPatients(
  left: string,
  right: string,
  readings: readonly [Scores, Scores],
): { patients: string[]; messages: Message[] } {
  const [a, b] = readings.map(({ rows }) => [...new Set(rows.map((row) => row.patient))]) as [string[], string[]];
  const [inLeft, inRight] = [new Set(a), new Set(b)];
  const onlyLeft = a.filter((patient) => !inRight.has(patient));
  const onlyRight = b.filter((patient) => !inLeft.has(patient));
  const unscored = a.length === 0 ? left : b.length === 0 ? right : undefined;
  if (unscored !== undefined)
    throw new UserError('no-scores', `\`${unscored}\` holds no score: all its cells for them are empty.`);
  const spelled = spelledOtherwise(onlyLeft, onlyRight);
  if (onlyLeft.length === a.length)
    throw new UserError(
      'no-common-patient',
      `\`${left}\` and \`${right}\` have no patient in common: \`${left}\` has ${someOf(a)}, \`${right}\` has ${someOf(b)}. ${spelled === undefined ? 'Write the same labels in both.' : `Labels must be equal to the letter, and \`${right}\` has ${spelled}.`}`,
    );
  const warn = (names: string[], here: string, there: string): Message[] =>
    names.length
      ? [
          {
            severity: 'warning',
            text: `${counted(names.length, 'patient')} of \`${here}\` ${names.length === 1 ? 'is' : 'are'} not in \`${there}\` and counted as missing: ${someOf(names)}.`,
          },
        ]
      : [];
  return {
    patients: [...a, ...onlyRight],
    messages: [
      ...warn(onlyLeft, left, right),
      ...warn(onlyRight, right, left),
      ...(spelled === undefined ? [] : [spellingWarning(right, spelled)]),
    ],
  };
}

function spellingWarning(name: string, spelled: string): Message {
  return {
    severity: 'warning',
    text: `The same patients spelled otherwise? \`${name}\` has ${spelled}. Labels must be equal to the letter.`,
  };
}

function someOf(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
}

function pair(
  region: Region,
  name: string,
  readings: readonly [Scores, Scores],
  patients: readonly string[],
  cutPoints: readonly number[],
): AgreementPairs {
  const [a, b] = readings.map(({ byPlace }) => byPlace.get(scorePlace(region, name)));
  const pairs: AgreementPair[] = [];
  for (const patient of patients) {
    const x = a?.get(patient);
    const y = b?.get(patient);
    if (!x || !y) continue;
    pairs.push({
      patient,
      left: valueIn(x),
      right: valueIn(y),
      leftCategory: categoryIn(x, cutPoints),
      rightCategory: categoryIn(y, cutPoints),
    });
  }
  return { region, class: name, pairs, missing: patients.length - pairs.length, categories: cutPoints.length + 1 };
}

/** The five lobes of all patients as one comparison. */
function pooledLobes(pairsIn: (lobe: Region) => AgreementPairs): AgreementPairs {
  const lobes = LOBES.map((lobe) => ({ lobe, group: pairsIn(lobe) }));
  return {
    ...lobes[0]!.group,
    region: 'lobes',
    pairs: lobes.flatMap(({ lobe, group }) => group.pairs.map((pair) => ({ ...pair, lobe }))),
    missing: lobes.reduce((sum, { group }) => sum + group.missing, 0),
  };
}

/** Measurements that were read from a table know no CTs. */
function isMeasured(value: Side['value']): value is MeasurementsValue {
  return value.kind === 'measurements' && value.measured.length > 0;
}

function isPercent({ rows }: Scores): boolean {
  return rows.some(({ percent }) => percent !== undefined);
}

/** Percent where there is one, else the score: what ρ is taken of. */
function valueIn(row: ScoreRow): number {
  return row.percent ?? row.score!;
}

function categoryIn(row: ScoreRow, cutPoints: readonly number[]): number {
  return row.percent === undefined ? row.score! : categoryOf(row.percent, cutPoints);
}

function provenanceOf(
  left: { readonly value: Pick<Side['value'], 'provenance'> },
  right: Side,
  parameters: Provenance['parameters'],
): Provenance {
  const [a, b] = [left.value.provenance, right.value.provenance];
  const models = [...a.models, ...b.models];
  return {
    software: a.software,
    models: models.filter((model, n) => models.findIndex((m) => m.sha256 === model.sha256) === n),
    inputs: { ...a.inputs, ...b.inputs },
    parameters: { ...joinedParameters(a.parameters, b.parameters), ...parameters },
  };
}
