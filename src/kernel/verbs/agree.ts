/** `agree`: two readings of the same patients, by rank correlation and κ. */
import { from } from 'arquero';
import { REGIONS, type Region, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Message, Provenance } from '../../protocol/view.ts';
import {
  type AgreementPair,
  type AgreementPairs,
  agreementRow,
  type ConfidenceMethod,
} from '../agreement/agreementTable.ts';
import { KAPPA_WEIGHTS, type KappaWeights } from '../agreement/categories/weights.ts';
import { counted } from '../base/counted.ts';
import { classLabel, classOf } from '../base/labels.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { categoryOf, DEFAULT_CUT_POINTS } from '../tables/categories.ts';
import { type ScoreRow, type Scores, scoresOf } from '../tables/scores.ts';
import { type Arguments, type Named, named, numberOf, partsOf, wordOf, wordsOf } from './arguments.ts';
import { CLASSES_TYPE, oneOf } from './clauseTypes.ts';
import { tableView } from './tableView.ts';
import type { AgreementValue } from './value.ts';
import type { Verb } from './verb.ts';

/** Fewer patients with (or without) a class than this make its κ a matter of single patients. */
const RARE = 3;

type Side = Named<'measurements' | 'table'>;

export const agree: Verb = {
  name: 'agree',
  summary: 'Compares two readings by rank correlation and κ.',
  documentation:
    'Pairs the patients of both sides. ρ (Spearman) is taken between the values as they are, percent or score; κ (Cohen) between the categories, for percentages at the cut points of a scored table or else 1, 25, 50, 75. Without `by region` the whole lungs are compared; with it the lungs and each lobe. A pair that is missing on either side is left out and counted. The p of ρ is exact for up to 9 patients and by t beyond; its interval is by Fisher’s z with the Bonett–Wright variance; the interval of κ is by the Fleiss–Cohen–Everitt standard error, on the full scale of categories. `kappa_max`, `pabak` and `ac1` are unweighted whatever `weights` says; prevalence and bias indices are for present (≥ 1) against absent.',
  examples: ['agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag'],
  subject: {
    type: { kind: 'name', of: ['measurements', 'table'] },
    noun: 'the name of measurements or scores',
    documentation: 'One reading: measurements, scores, or a reader’s table.',
  },
  clauses: {
    with: {
      type: { kind: 'name', of: ['measurements', 'table'] },
      required: true,
      documentation: 'The other reading.',
    },
    by: { type: oneOf('region'), documentation: '`by region` compares each lobe beside the whole lungs.' },
    for: {
      type: CLASSES_TYPE,
      default: 'all classes',
      documentation:
        'The classes to compare; those that `derive` made, or that readers have beside the six, are compared where they are named here.',
    },
    weights: { type: oneOf(...KAPPA_WEIGHTS), default: 'none', documentation: 'The weights of κ.' },
    ci: {
      type: {
        kind: 'sequence',
        parts: [
          { type: oneOf('asymptotic', 'bootstrap') },
          { type: { kind: 'number', integer: true, minimum: 100, maximum: 100000 }, optional: true },
        ],
      },
      default: 'asymptotic',
      documentation:
        'How confidence intervals are made: `asymptotic`, or `bootstrap N` with N resamples of the patients (percentiles).',
    },
    seed: {
      type: { kind: 'number', integer: true, minimum: 0 },
      default: '1',
      documentation: 'The seed of the bootstrap.',
    },
  },
  gives: ['agreement'],
  alwaysShown: false,
  async run(values) {
    const left = named(values.subject, 'measurements', 'table');
    const right = named(values.clauses.with!, 'measurements', 'table');
    const cutPoints = cutPointsOf(left, right);
    const categories = cutPoints.length + 1;
    const classes = wordsOf(values.clauses.for) ?? TEXTURE_CLASSES;
    const readings = [left, right].map(({ name, value }) =>
      scoresOf(
        value.table,
        name,
        categories,
        classes.filter((c) => !classOf(c)),
      ),
    ) as [Scores, Scores];
    const regions: readonly Region[] = values.clauses.by ? REGIONS : ['total'];
    const weights = (values.clauses.weights ? wordOf(values.clauses.weights) : 'none') as KappaWeights;
    const ci = confidenceOf(values);
    for (const [n, { name }] of [left, right].entries()) checkClasses(name, readings[n]!, classes);
    const { patients, messages } = matchPatients(left.name, right.name, readings);
    const groups = regions.flatMap((region) =>
      classes.map((name) => pair(region, name, readings, patients, cutPoints)),
    );
    const results = groups.map((group) => agreementRow(group, weights, ci));
    if (results.every(({ row }) => row.n === 0))
      throw new UserError(
        'no-pairs',
        `\`${left.name}\` and \`${right.name}\` share patients but no score of ${classes.join(', ')} in ${regions.join(', ')}.`,
      );
    const notes = [
      ...results.flatMap(({ row, reasons }) => reasons.map((reason) => `${placeOf(row)}: empty where ${reason}.`)),
      ...groups.flatMap(rareNote),
    ];
    const provenance = provenanceOf(left, right, {
      cutPoints,
      weights,
      ci: ci.kind,
      ...(ci.kind === 'bootstrap' ? { repetitions: ci.repetitions, seed: ci.seed } : {}),
    });
    const value: AgreementValue = {
      kind: 'agreement',
      table: from(results.map(({ row }) => row)),
      pairs: groups,
      names: { left: left.name, right: right.name },
      notes,
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
          notes,
          researchOnly: true,
          provenance,
        }),
    };
  },
};

/** A class of the user's own that one side lacks altogether is a misspelling, or was not derived there. */
function checkClasses(name: string, { rows }: Scores, classes: readonly string[]): void {
  const known = [...new Set(rows.map((row) => row.class))];
  const unknown = classes.find((c) => !classOf(c) && !known.includes(c));
  if (unknown)
    throw new UserError('unknown-class', `\`${name}\` has no class \`${unknown}\`: ${suggestionFor(unknown, known)}`);
}

function cutPointsOf(left: Side, right: Side): readonly number[] {
  const [a, b] = [left.value.cutPoints, right.value.cutPoints];
  if (a && b && a.join() !== b.join())
    throw new UserError(
      'cut-points',
      `\`${left.name}\` was scored at ${a.join(', ')} and \`${right.name}\` at ${b.join(', ')}. Score both at the same cut points.`,
    );
  return a ?? b ?? DEFAULT_CUT_POINTS;
}

function confidenceOf(values: Arguments): ConfidenceMethod {
  const [method, repetitions] = values.clauses.ci ? partsOf(values.clauses.ci) : [];
  if (!method || wordOf(method) === 'asymptotic') return { kind: 'asymptotic' };
  return {
    kind: 'bootstrap',
    repetitions: repetitions ? numberOf(repetitions) : 2000,
    seed: values.clauses.seed ? numberOf(values.clauses.seed) : 1,
  };
}

/** All patients of either side, with a warning that names those of one side only. */
function matchPatients(
  left: string,
  right: string,
  readings: readonly [Scores, Scores],
): { patients: string[]; messages: Message[] } {
  const [a, b] = readings.map(({ rows }) => [...new Set(rows.map((row) => row.patient))]) as [string[], string[]];
  const onlyLeft = a.filter((patient) => !b.includes(patient));
  const onlyRight = b.filter((patient) => !a.includes(patient));
  if (onlyLeft.length === a.length)
    throw new UserError(
      'no-common-patient',
      `\`${left}\` and \`${right}\` have no patient in common: \`${left}\` has ${someOf(a)}, \`${right}\` has ${someOf(b)}. Write the same labels in both.`,
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
    messages: [...warn(onlyLeft, left, right), ...warn(onlyRight, right, left)],
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
  const [a, b] = readings.map(
    ({ rows }) =>
      new Map(rows.filter((row) => row.region === region && row.class === name).map((row) => [row.patient, row])),
  ) as [Map<string, ScoreRow>, Map<string, ScoreRow>];
  const pairs = patients.flatMap((patient): AgreementPair[] => {
    const [x, y] = [a.get(patient), b.get(patient)];
    if (!x || !y) return [];
    return [
      {
        patient,
        left: valueIn(x),
        right: valueIn(y),
        leftCategory: categoryIn(x, cutPoints),
        rightCategory: categoryIn(y, cutPoints),
      },
    ];
  });
  return { region, class: name, pairs, missing: patients.length - pairs.length, categories: cutPoints.length + 1 };
}

/** Percent where there is one, else the score: what ρ is taken of. */
function valueIn(row: ScoreRow): number {
  return row.percent ?? row.score!;
}

function categoryIn(row: ScoreRow, cutPoints: readonly number[]): number {
  return row.percent === undefined ? row.score! : categoryOf(row.percent, cutPoints);
}

function placeOf({ region, class: name }: { region: Region; class: string }): string {
  return `${classLabel(name)}, ${region}`;
}

/** Says where a class is so rare, or so common, that κ hangs on single patients. */
function rareNote(group: AgreementPairs): string[] {
  const present = (category: (pair: AgreementPair) => number) => group.pairs.filter((p) => category(p) > 0).length;
  const counts = [present((p) => p.leftCategory), present((p) => p.rightCategory)];
  const fewest = Math.min(...counts);
  const most = Math.max(...counts);
  if (group.pairs.length === 0 || fewest >= RARE || most === 0) return [];
  return [
    `${placeOf(group)}: present in ${counts[0]} and ${counts[1]} of ${group.pairs.length} patients; κ hangs on single patients here.`,
  ];
}

function provenanceOf(left: Side, right: Side, parameters: Provenance['parameters']): Provenance {
  const [a, b] = [left.value.provenance, right.value.provenance];
  const models = [...a.models, ...b.models];
  return {
    software: a.software,
    models: models.filter((model, n) => models.findIndex((m) => m.sha256 === model.sha256) === n),
    inputs: { ...a.inputs, ...b.inputs },
    parameters: { ...a.parameters, ...b.parameters, ...parameters },
  };
}
