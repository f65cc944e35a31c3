/** `plot`: the pictures of an agreement, and of measurements. */
import { REGIONS } from '../../protocol/names.ts';
import type { FigureView } from '../../protocol/view.ts';
import type { AgreementRow, ComparedRegion } from '../agreement/agreementTable.ts';
import { UserError } from '../base/userError.ts';
import type { AgreementValue } from '../values/value.ts';
import { blandAltmanFigure, type DifferenceScale } from '../views/figures/blandAltman.ts';
import { box } from '../views/figures/box.ts';
import { confusion } from '../views/figures/confusion.ts';
import { forest } from '../views/figures/forest.ts';
import { heatmap } from '../views/figures/heatmap.ts';
import { kappaCurveFigure } from '../views/figures/kappaCurve.ts';
import { linkedPatients } from '../views/figures/linkedPatients.ts';
import type { Panel } from '../views/figures/panels.ts';
import { percentRows } from '../views/figures/percents.ts';
import { scatter } from '../views/figures/scatter.ts';
import { stacked } from '../views/figures/stacked.ts';
import { type Named, named, numberOf, wordOf, wordsOf } from './arguments.ts';
import { CLASSES_TYPE, oneOf, REGION_TYPE } from './clauseTypes.ts';
import { handleOf } from './quantify/measuredSeries.ts';
import type { Verb, VerbContext } from './verb.ts';

type Classes = readonly string[] | undefined;
type Subject = Named<'agreement' | 'measurements' | 'table'>;

/** Drawn of one region, a panel per class. */
type DrawnOfOneRegion = (value: AgreementValue, panels: readonly Panel[], region: ComparedRegion) => FigureView;
const OF_ONE_REGION: Readonly<Record<string, DrawnOfOneRegion>> = { scatter, confusion };
/** Drawn of all regions at once. */
const OF_ALL_REGIONS: Readonly<Record<string, (value: AgreementValue, rows: readonly AgreementRow[]) => FigureView>> = {
  forest,
  heatmap,
};
/** Drawn of percentages alone. */
const OF_PERCENTS = { box, stacked } as const;

const BLAND_ALTMAN = 'bland-altman';
const KAPPA_CURVE = 'kappa-curve';
const KINDS = [
  ...Object.keys(OF_ONE_REGION),
  BLAND_ALTMAN,
  KAPPA_CURVE,
  ...Object.keys(OF_ALL_REGIONS),
  ...Object.keys(OF_PERCENTS),
];

export const plot: Verb = {
  name: 'plot',
  summary: 'Draws an agreement, or measurements.',
  documentation:
    'Of an agreement: `scatter` shows a point per patient, with scores spread a little and a box of percentages for each score; `confusion` counts the patients in each pair of categories, with the percent of each row; `bland-altman` shows the difference against the mean, with its limits, their intervals and its trend, or the ratio with `scale ratio`, of percentages and scores that of their categories; `kappa-curve` shows κ as a cut point moves; these draw one region, the whole lungs without `in`. `forest` shows κ and ρ of every class and region with their intervals, `heatmap` the same as two maps. Of measurements, or of any table with `patient, region, class, percent`: `box` shows the percentages per region, `stacked` the mean extent of the abnormal classes.',
  examples: ['plot ag as scatter for ggo', 'plot ag as confusion for ggo in RLL', 'plot ai as stacked'],
  subject: {
    type: { kind: 'name', of: ['agreement', 'measurements', 'table'] },
    noun: 'the name of an agreement or of measurements',
    documentation: 'The result of `agree`, or a table of percentages.',
  },
  clauses: {
    as: { type: oneOf(...KINDS), required: true, documentation: 'The kind of picture.' },
    for: { type: CLASSES_TYPE, default: 'all classes', documentation: 'The classes to draw.' },
    cut: {
      type: { kind: 'number', integer: true, minimum: 1 },
      default: '1',
      documentation: 'Which cut point `kappa-curve` moves, counted from 1.',
    },
    scale: {
      type: oneOf('difference', 'ratio'),
      default: 'difference',
      documentation: 'What `bland-altman` shows; ratios need readings above 0.',
    },
    in: {
      type: { ...REGION_TYPE, options: [...REGIONS, 'lobes'] },
      default: 'total',
      documentation: 'The region to draw, where only one is drawn; `lobes` where they were pooled.',
    },
  },
  gives: [],
  alwaysShown: true,
  async run(values, context) {
    const subject = named(values.subject, 'agreement', 'measurements', 'table');
    const kind = wordOf(values.clauses.as!);
    const classes = wordsOf(values.clauses.for) as Classes;
    const region = values.clauses.in && (wordOf(values.clauses.in) as ComparedRegion);
    const view = isAgreement(subject)
      ? ofAgreement(
          kind,
          subject,
          classes,
          region ?? firstRegion(subject),
          {
            cut: values.clauses.cut ? numberOf(values.clauses.cut) : 1,
            scale: values.clauses.scale && wordOf(values.clauses.scale) === 'ratio' ? 'ratio' : 'difference',
          },
          context,
        )
      : ofPercents(kind, subject, classes);
    return { view: () => view };
  },
};

function isAgreement(subject: Subject): subject is Subject & Named<'agreement'> {
  return subject.value.kind === 'agreement';
}

/** The whole lungs come first where they were compared. */
function firstRegion({ value }: Named<'agreement'>): ComparedRegion {
  return value.pairs[0]!.region;
}

function ofAgreement(
  kind: string,
  { name, value }: Named<'agreement'>,
  classes: Classes,
  region: ComparedRegion,
  { cut, scale }: { readonly cut: number; readonly scale: DifferenceScale },
  context: VerbContext,
): FigureView {
  const ofAll = OF_ALL_REGIONS[kind];
  if (ofAll) {
    const rows = value.table.objects() as AgreementRow[];
    for (const wanted of classes ?? []) if (!rows.some((row) => row.class === wanted)) missingClass(name, wanted);
    return ofAll(
      value,
      rows.filter((row) => !classes || classes.includes(row.class)),
    );
  }
  if (kind === KAPPA_CURVE) return curve(name, value, panelsOf(name, value, region, classes), region, cut);
  const ofOne =
    kind === BLAND_ALTMAN
      ? (agreement: AgreementValue, panels: readonly Panel[], drawn: ComparedRegion) =>
          ofSameUnit(agreement, panels, drawn, scale)
      : OF_ONE_REGION[kind];
  if (!ofOne)
    throw new UserError(
      'wrong-kind',
      `\`${kind}\` draws percentages, and \`${name}\` is an agreement. Give it the measurements, or write ${[...Object.keys(OF_ONE_REGION), BLAND_ALTMAN, KAPPA_CURVE, ...Object.keys(OF_ALL_REGIONS)].join(', ')}.`,
    );
  const panels = panelsOf(name, value, region, classes);
  return { ...ofOne(value, panels, region), patients: linkedPatients(value, panels, keep(value, context)) };
}

/** Keeps the CTs behind the figure, if there are any; returns the handle. */
function keep({ measurements }: AgreementValue, context: VerbContext): string | undefined {
  if (!measurements) return undefined;
  const parts = measurements.measured.map(({ patient, cacheKey, decisions }) => [patient, cacheKey, decisions]);
  const handle = handleOf('patients', parts, measurements.derivedFrom);
  context.keepMeasurements(handle, measurements);
  return handle;
}

/** Differences mean something where both sides are in the same unit: of percent and score, both are taken as categories. */
function ofSameUnit(
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  scale: DifferenceScale,
): FigureView {
  const { left, right } = value.isPercent;
  if (left === right) return blandAltmanFigure(value, panels, region, scale);
  const inCategories = panels.map(({ group, row }) => ({
    row,
    group: { ...group, pairs: group.pairs.map((p) => ({ ...p, left: p.leftCategory, right: p.rightCategory })) },
  }));
  const scored = { ...value, isPercent: { left: false, right: false } };
  const figure = blandAltmanFigure(scored, inCategories, region, scale);
  const { names } = value;
  const [percents, scores] = left ? [names.left, names.right] : [names.right, names.left];
  return {
    ...figure,
    notes: [
      `${percents} holds percentages and ${scores} scores: the categories of both are compared, at the cut points ${value.cutPoints.join(', ')}.`,
      ...figure.notes,
    ],
  };
}

function curve(
  name: string,
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  cut: number,
): FigureView {
  if (!value.isPercent.left && !value.isPercent.right)
    throw new UserError(
      'wrong-kind',
      `\`${name}\` compares scores on both sides; a κ curve moves the cuts of percentages. Write \`agree ai with reader\`.`,
    );
  if (cut > value.cutPoints.length)
    throw new UserError(
      'out-of-range',
      `There are ${value.cutPoints.length} cut points (${value.cutPoints.join(', ')}); \`cut ${cut}\` is none of them.`,
    );
  return kappaCurveFigure(value, panels, region, value.cutPoints, cut - 1);
}

function ofPercents(kind: string, { name, value }: Subject, classes: Classes): FigureView {
  if (value.kind === 'agreement') throw new Error('an agreement has no percentages');
  if (kind !== 'box' && kind !== 'stacked')
    throw new UserError(
      'wrong-kind',
      `\`${kind}\` draws an agreement. Compare \`${name}\` with another reading by \`agree\` first, or write ${Object.keys(OF_PERCENTS).join(', ')}.`,
    );
  return OF_PERCENTS[kind](name, percentRows(value.table, name), classes, value.provenance);
}

function panelsOf(name: string, value: AgreementValue, region: ComparedRegion, classes: Classes): Panel[] {
  const rows = value.table.objects() as AgreementRow[];
  const inRegion = value.pairs.flatMap((group, n) => (group.region === region ? [{ group, row: rows[n]! }] : []));
  if (inRegion.length === 0)
    throw new UserError(
      'not-compared',
      `\`${name}\` does not compare ${region}. Write \`by region\` in its \`agree\`.`,
    );
  return classes
    ? classes.map((c) => inRegion.find(({ group }) => group.class === c) ?? missingClass(name, c))
    : inRegion;
}

function missingClass(name: string, textureClass: string): never {
  throw new UserError(
    'not-compared',
    `\`${name}\` does not compare ${textureClass}. Add it to the \`for\` of its \`agree\`.`,
  );
}
