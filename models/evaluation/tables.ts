/** The evaluation's results as Markdown tables, with what was to be reached and what was. */
import { spearmanRho } from '../../src/kernel/agreement/correlation/spearman.ts';
import { LOBES, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { COVID_LABELS, type CovidResult } from './covidSlices.ts';
import type { Results } from './jobs.ts';
import { format, type Goal, goalTable, type Line, lineTable, table } from './lines.ts';
import { expectedCalibrationError, f1Scores, mean, median } from './metrics.ts';
import type { LobeScores, PhantomResult } from './phantoms.ts';
import type { Network, RealCase } from './realCase.ts';
import { reliabilityOver } from './reliability.ts';
import { LOBE_MAP_OF, saw, seenBy, type Weights } from './seen.ts';

export interface Tables {
  /** For the card of each network. */
  readonly lobes: string;
  readonly textures: string;
  /** All that has a goal, of both networks. */
  readonly goals: string;
}

export function tablesOf(results: Results, weights: Weights): Tables {
  const lobes = lobesLines(results, weights);
  const textures = texturesLines(results, weights);
  const seen = seenTable(results, weights);
  return {
    lobes: sections([...parts(lobes), lobeTable(results), seen]),
    textures: sections([
      ...parts(textures),
      ...(results.covid.length ? [covidTable(results.covid, false), covidTable(results.covid, true)] : []),
      ...(results.phantom.length ? [classTable(results.phantom), confusionTable(results.phantom)] : []),
      seen,
    ]),
    goals: goalTable([...lobes, ...textures].filter(({ goal }) => goal)),
  };
}

function sections(tables: readonly string[]): string {
  return tables.filter(Boolean).join('\n\n');
}

/** What was to be reached comes first. */
function parts(lines: readonly Line[]): string[] {
  const [judged, further] = [lines.filter(({ goal }) => goal), lines.filter(({ goal }) => !goal)];
  return [judged.length ? goalTable(judged) : '', further.length ? lineTable(further) : ''];
}

function lobesLines(results: Results, weights: Weights): Line[] {
  const of = (deformed: boolean) => results.map.filter((map) => map.deformed === deformed);
  const [healthy, bent] = [of(false), of(true)];
  const seen = mapsSeen(healthy.length ? healthy : bent, weights);
  return [
    ...realLines(results, weights, 'lobes'),
    ...lobeLines(`${healthy.length} held-out real lobe maps, healthy`, healthy, [undefined, 0.955, 0.88], seen),
    ...lobeLines(`${bent.length} held-out real lobe maps, bent, with disease`, bent, [undefined, 0.95, 0.88], seen),
    ...lobeLines(`${results.phantom.length} simulated chests`, results.phantom, [0.985, 0.96]),
  ];
}

function texturesLines(results: Results, weights: Weights): Line[] {
  return [
    ...covidLines(results.covid),
    ...realLines(results, weights, 'textures'),
    ...results.patches.map(
      ({ kind, patches, auc }): Line => ({
        on: `${patches} real patches, ${kind}`,
        what: 'AUC against normal lung',
        value: auc,
        unit: '',
        goal: kind.startsWith('all') ? ['≥', 0.98] : undefined,
      }),
    ),
    ...textureLines(results),
  ];
}

function realLines(results: Results, weights: Weights, network: Network): Line[] {
  return realCases(results)
    .filter((row) => row.network === network)
    .map(({ name, finding, value, unit, goal }) => ({
      on: `real CT ${name}`,
      what: finding,
      value,
      unit,
      goal,
      seen: seenBy(weights, network, name),
    }));
}

function realCases({ reference, chest, real }: Results): RealCase[] {
  return [...reference, ...chest, ...real];
}

/** How many of the maps around which chests are drawn lung-lobes learned from. */
function mapsSeen(maps: readonly { readonly map: string }[], { lobes }: Weights): string | undefined {
  const names = Object.values(LOBE_MAP_OF);
  const seen = maps.filter(({ map }) => names.some((name) => name.endsWith(map) && saw(lobes, name)));
  return seen.length ? `${lobes.id}: ${seen.length} of ${maps.length}` : undefined;
}

/** Which of the references each set of weights learned from. */
function seenTable(results: Results, { lobes, textures }: Weights): string {
  const names = [...new Set(realCases(results).map(({ name }) => name))];
  const said = (weights: Weights[Network], name: string) => (saw(weights, name) ? '**seen**' : 'never');
  const head = ['in training', `${lobes.id} ${lobes.version}`, `${textures.id} ${textures.version}`];
  const rows = names.map((name) => [name, said(lobes, name), said(textures, name)]);
  return rows.length ? table(head, rows) : '';
}

/** The share of what a radiologist drew that is read as it should be, and as what it is taken for. */
function covidLines(slices: readonly CovidResult[]): Line[] {
  const doubtful = slices.filter((slice) => slice.doubtful).map(({ slice }) => slice);
  const clear = slices.filter((slice) => !slice.doubtful);
  return [
    ...covidShares(`${clear.length} COVID slices (without ${doubtful.join(' and ')})`, clear, true),
    ...covidShares(`${slices.length} COVID slices`, slices, false),
  ];
}

const COVID_SHARES: readonly (readonly [label: number, read: number, goal: Goal])[] = [
  [1, 1, ['≥', 60]],
  [1, 3, ['≤', 10]],
  [2, 2, ['≥', 60]],
  [2, 3, ['≤', 15]],
  [0, 0, ['≥', 97]],
];

function covidShares(on: string, slices: readonly CovidResult[], judged: boolean): Line[] {
  if (slices.length === 0) return [];
  const counts = sumOf(slices.map((slice) => slice.counts));
  return COVID_SHARES.map(([label, read, goal]) => ({
    on,
    what: `${COVID_LABELS[label]} read as ${TEXTURE_CLASS_LABELS[TEXTURE_CLASSES[read]!].toLowerCase()}`,
    value: (counts[label]![read]! / counts[label]!.reduce((a, b) => a + b, 0)) * 100,
    unit: '%',
    ...(judged && { goal }),
  }));
}

function covidTable(slices: readonly CovidResult[], withDoubtful: boolean): string {
  const counted = slices.filter(({ doubtful }) => withDoubtful || !doubtful);
  const rows = sumOf(counted.map(({ counts }) => counts));
  return shareTable(`% of this on ${counted.length} COVID slices is read as`, COVID_LABELS, rows);
}

/** `goals`: for the mean lungs, the mean lobe, and the worst lobe on average. */
function lobeLines(
  on: string,
  scores: readonly LobeScores[],
  [lungs, lobe, worst]: readonly (number | undefined)[],
  seen?: string,
): Line[] {
  if (scores.length === 0) return [];
  const means = lobeMeans(scores);
  const goal = (value: number | undefined): Goal | undefined => (value === undefined ? undefined : ['≥', value]);
  const everyLobe = scores.flatMap((score) => score.lobes.filter((value) => value !== undefined));
  const lines: Line[] = [
    { on, what: 'lungs, mean Dice', value: mean(scores.map((s) => s.lungs)), unit: '', goal: goal(lungs) },
    { on, what: 'lungs, least Dice', value: Math.min(...scores.map((s) => s.lungs)), unit: '' },
    { on, what: 'lobes, mean Dice', value: mean(means), unit: '', goal: goal(lobe) },
    { on, what: 'worst lobe, mean Dice', value: Math.min(...means), unit: '', goal: goal(worst) },
    { on, what: 'single lobe, least Dice', value: Math.min(...everyLobe), unit: '' },
  ];
  return lines.map((line) => ({ ...line, seen }));
}

function lobeMeans(scores: readonly LobeScores[]): number[] {
  return LOBES.map((_, n) => mean(scores.map(({ lobes }) => lobes[n]).filter((value) => value !== undefined)));
}

function textureLines({ phantom, retest }: Results): Line[] {
  const lines: Line[] = [];
  if (phantom.length) {
    const on = `${phantom.length} simulated chests`;
    const f1 = f1Scores(sumOf(phantom.map((p) => p.confusion)));
    const errors = absoluteErrors(phantom);
    const least = (values: readonly (number | undefined)[]) => {
      const known = values.filter((value) => value !== undefined);
      return known.length ? Math.min(...known) : undefined;
    };
    lines.push(
      { on, what: 'macro-F1 of voxels', value: mean(f1), unit: '', goal: ['≥', 0.9] },
      { on, what: 'least F1 of a class', value: Math.min(...f1), unit: '', goal: ['≥', 0.85] },
      {
        on,
        what: 'percent of lung, largest mean absolute error of a class',
        value: Math.max(...errors),
        unit: 'points',
        goal: ['≤', 1.5],
      },
      {
        on,
        what: 'percent of lung, least Spearman ρ of a class',
        value: least(correlations(phantom)),
        unit: '',
        goal: ['≥', 0.95],
      },
      {
        on,
        what: 'the same over the chests that have the class',
        value: least(correlations(phantom, isDrawn)),
        unit: '',
        goal: ['≥', 0.95],
      },
      {
        on,
        what: 'expected calibration error',
        value: expectedCalibrationError(reliabilityOver(phantom)),
        unit: '',
      },
    );
  }
  if (retest.length) {
    const changes = retest.map(({ fibrosisPercent: [a, b] }) => Math.abs(a - b));
    const on = `${retest.length} simulated chests, scanned twice`;
    lines.push(
      { on, what: 'largest change of fibrosis extent', value: Math.max(...changes), unit: 'points', goal: ['≤', 0.5] },
      { on, what: 'median change of fibrosis extent', value: median(changes), unit: 'points' },
    );
  }
  return lines;
}

function absoluteErrors(phantoms: readonly PhantomResult[]): number[] {
  return TEXTURE_CLASSES.map((_, c) => mean(phantoms.map(({ truth, read }) => Math.abs(read[c]! - truth[c]!))));
}

/** Spearman's ρ of each class's percentages, over the chests whose true percentage `counts`. */
function correlations(
  phantoms: readonly PhantomResult[],
  counts: (percent: number) => boolean = () => true,
): (number | undefined)[] {
  return TEXTURE_CLASSES.map((_, c) => {
    const counted = phantoms.filter(({ truth }) => counts(truth[c]!));
    return spearmanRho(
      counted.map(({ truth }) => truth[c]!),
      counted.map(({ read }) => read[c]!),
    );
  });
}

const isDrawn = (percent: number) => percent > 0;

/**
 * The ρ of a reading that ranks every two chests right that differ. Chests without a class are tied in truth, and no
 * two of them are read quite alike, so that ρ ends below 1.
 */
function greatestCorrelations(phantoms: readonly PhantomResult[]): (number | undefined)[] {
  return TEXTURE_CLASSES.map((_, c) => {
    const truth = phantoms.map((phantom) => phantom.truth[c]!);
    const ascending = truth.map((_, n) => n).sort((a, b) => truth[a]! - truth[b]!);
    const untied = new Array<number>(truth.length);
    for (const [place, n] of ascending.entries()) untied[n] = place;
    return spearmanRho(truth, untied);
  });
}

function lobeTable({ phantom, map }: Results): string {
  const row = (on: string, scores: readonly LobeScores[]) =>
    scores.length ? [[on, ...lobeMeans(scores).map((value) => format(value, ''))]] : [];
  const rows = [
    ...row('simulated chests', phantom),
    ...row(
      'real lobe maps, healthy',
      map.filter((m) => !m.deformed),
    ),
    ...row(
      'real lobe maps, bent, with disease',
      map.filter((m) => m.deformed),
    ),
  ];
  return rows.length ? table(['mean Dice on', ...LOBES], rows) : '';
}

function classTable(phantoms: readonly PhantomResult[]): string {
  const names = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name]);
  const numbers = (values: readonly (number | undefined)[]) => values.map((value) => format(value, ''));
  const bias = TEXTURE_CLASSES.map((_, c) => mean(phantoms.map(({ truth, read }) => read[c]! - truth[c]!)));
  return table(
    ['simulated chests', ...names],
    [
      ['F1 of voxels', ...numbers(f1Scores(sumOf(phantoms.map((p) => p.confusion))))],
      ['mean absolute error, points', ...numbers(absoluteErrors(phantoms))],
      ['bias, points', ...numbers(bias)],
      ['Spearman ρ of percent', ...numbers(correlations(phantoms))],
      ['its greatest value, for chests without the class', ...numbers(greatestCorrelations(phantoms))],
      ['ρ over the chests that have the class', ...numbers(correlations(phantoms, isDrawn))],
    ],
  );
}

/** Percent of each true class (rows) that was read as each class (columns). */
function confusionTable(phantoms: readonly PhantomResult[]): string {
  const names = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name]);
  return shareTable('% of this, simulated, is read as', names, sumOf(phantoms.map((p) => p.confusion)));
}

/** Counts by what is true (rows, with these names) and by class read, as percent of their row. */
function shareTable(title: string, names: readonly string[], counts: readonly (readonly number[])[]): string {
  const rows = counts.map((row, r) => {
    const all = row.reduce((a, b) => a + b, 0);
    return [names[r]!, ...row.map((count) => ((count / Math.max(1, all)) * 100).toFixed(1))];
  });
  return table([title, ...TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name])], rows);
}

function sumOf(matrices: readonly (readonly (readonly number[])[])[]): number[][] {
  return matrices[0]!.map((row, r) => row.map((_, c) => matrices.reduce((sum, m) => sum + m[r]![c]!, 0)));
}
