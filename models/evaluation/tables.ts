/** The evaluation's results as Markdown tables, with what was to be reached and what was. */
import { spearmanRho } from '../../src/kernel/agreement/correlation/spearman.ts';
import { LOBES, TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import type { Results } from './jobs.ts';
import {
  emptyReliability,
  expectedCalibrationError,
  f1Scores,
  mean,
  median,
  RELIABILITY_BINS,
  type Reliability,
} from './metrics.ts';
import type { LobeScores, PhantomResult } from './phantoms.ts';
import type { RealCase } from './realCt.ts';

export interface Tables {
  readonly lobes: string;
  readonly textures: string;
}

type Goal = readonly ['≥' | '≤', number];

interface Line {
  readonly on: string;
  readonly what: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly goal?: Goal | undefined;
}

export function tablesOf(results: Results): Tables {
  const bySegmentation = ({ unit, finding }: RealCase) => unit !== '%' || finding.startsWith('fissure');
  const maps = (deformed: boolean) => results.map.filter((map) => map.deformed === deformed);
  return {
    lobes: [
      lineTable([
        ...lobeLines(`${results.phantom.length} simulated chests`, results.phantom, [0.985, 0.95]),
        ...lobeLines(`${maps(false).length} held-out real lobe maps, healthy`, maps(false), [undefined, 0.93, 0.88]),
        ...lobeLines(`the same maps bent, with disease`, maps(true), [undefined, 0.93, 0.88]),
        ...results.real.filter(bySegmentation).map(realLine),
      ]),
      lobeTable(results),
    ].join('\n\n'),
    textures: [
      lineTable([
        ...textureLines(results),
        ...results.real.filter((row) => !bySegmentation(row)).map(realLine),
        ...results.patches.map(
          ({ kind, patches, auc }): Line => ({
            on: `${patches} real patches, ${kind}`,
            what: 'AUC against normal lung',
            value: auc,
            unit: '',
            goal: kind.startsWith('all') ? ['≥', 0.95] : undefined,
          }),
        ),
      ]),
      ...(results.phantom.length ? [classTable(results.phantom), confusionTable(results.phantom)] : []),
    ].join('\n\n'),
  };
}

function realLine({ name, finding, value, unit, goal }: RealCase): Line {
  return { on: `real CT ${name}`, what: finding, value, unit, goal };
}

/** `goals`: for the mean lungs, the mean lobe, and the worst lobe on average. */
function lobeLines(
  on: string,
  scores: readonly LobeScores[],
  [lungs, lobe, worst]: readonly (number | undefined)[],
): Line[] {
  if (scores.length === 0) return [];
  const means = lobeMeans(scores);
  const goal = (value: number | undefined): Goal | undefined => (value === undefined ? undefined : ['≥', value]);
  const everyLobe = scores.flatMap((score) => score.lobes.filter((value) => value !== undefined));
  return [
    { on, what: 'lungs, mean Dice', value: mean(scores.map((s) => s.lungs)), unit: '', goal: goal(lungs) },
    { on, what: 'lungs, least Dice', value: Math.min(...scores.map((s) => s.lungs)), unit: '' },
    { on, what: 'lobes, mean Dice', value: mean(means), unit: '', goal: goal(lobe) },
    { on, what: 'worst lobe, mean Dice', value: Math.min(...means), unit: '', goal: goal(worst) },
    { on, what: 'single lobe, least Dice', value: Math.min(...everyLobe), unit: '' },
  ];
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
      { on, what: 'macro-F1 of voxels', value: mean(f1), unit: '', goal: ['≥', 0.85] },
      { on, what: 'least F1 of a class', value: Math.min(...f1), unit: '', goal: ['≥', 0.75] },
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
      { on, what: 'largest change of fibrosis extent', value: Math.max(...changes), unit: 'points', goal: ['≤', 1] },
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

function lineTable(lines: readonly Line[]): string {
  const rows = lines.map(({ on, what, value, unit, goal }) => {
    const reached = goal && value !== undefined ? (meets(value, goal) ? 'yes' : '**no**') : '';
    return [on, what, format(value, unit), goal ? `${goal[0]} ${format(goal[1], unit)}` : '', reached];
  });
  return table(['on', 'measure', 'value', 'goal', 'reached'], rows);
}

function meets(value: number, [relation, limit]: Goal): boolean {
  return relation === '≥' ? value >= limit : value <= limit;
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
  return table(['mean Dice on', ...LOBES], rows);
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
  const confusion = sumOf(phantoms.map((p) => p.confusion));
  const names = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name]);
  const rows = confusion.map((row, c) => {
    const all = row.reduce((a, b) => a + b, 0);
    return [names[c]!, ...row.map((count) => ((count / Math.max(1, all)) * 100).toFixed(1))];
  });
  return table(['% of this, simulated, is read as', ...names], rows);
}

function sumOf(matrices: readonly (readonly (readonly number[])[])[]): number[][] {
  return matrices[0]!.map((row, r) => row.map((_, c) => matrices.reduce((sum, m) => sum + m[r]![c]!, 0)));
}

function reliabilityOver(phantoms: readonly PhantomResult[]): Reliability {
  const sum = emptyReliability();
  for (const { reliability } of phantoms)
    for (const key of ['count', 'confidence', 'correct'] as const)
      for (let bin = 0; bin < RELIABILITY_BINS; bin++) sum[key][bin]! += reliability[key][bin]!;
  return sum;
}

/** The reliability plot (DeGroot & Fienberg 1983) as SVG: how often a reading of a confidence is right. */
export function reliabilityPlot(phantoms: readonly PhantomResult[]): string {
  const { count, confidence, correct } = reliabilityOver(phantoms);
  const total = count.reduce((a, b) => a + b, 0);
  const [left, top, side] = [56, 34, 300];
  const x = (share: number) => (left + share * side).toFixed(1);
  const y = (share: number) => (top + (1 - share) * side).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const used = count.flatMap((n, bin) =>
    n > total / 1e4 ? [{ n, p: confidence[bin]! / n, q: correct[bin]! / n }] : [],
  );
  const points = used.map(({ p, q }) => `${x(p)},${y(q)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" font-family="sans-serif" font-size="12">
<title>Reliability of lung-texture's most probable class</title>
<rect width="400" height="400" fill="#fff"/>
<text x="200" y="20" text-anchor="middle" font-size="14">lung-texture: reliability of the most probable class</text>
${ticks
  .map(
    (t) =>
      `<path d="M${x(0)} ${y(t)}H${x(1)}M${x(t)} ${y(0)}V${y(1)}" stroke="#ddd"/><text x="${left - 8}" y="${Number(y(t)) + 4}" text-anchor="end">${t}</text><text x="${x(t)}" y="${top + side + 18}" text-anchor="middle">${t}</text>`,
  )
  .join('\n')}
<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>
<polyline points="${points}" fill="none" stroke="#0072b2" stroke-width="2"/>
${used.map(({ n, p, q }) => `<circle cx="${x(p)}" cy="${y(q)}" r="${(2 + 8 * Math.sqrt(n / total)).toFixed(1)}" fill="#0072b2"/>`).join('\n')}
<text x="${left + side / 2}" y="${top + side + 38}" text-anchor="middle">mean probability given (area of a dot: share of voxels)</text>
<text transform="translate(16 ${top + side / 2}) rotate(-90)" text-anchor="middle">share that is right</text>
</svg>
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function format(value: number | undefined, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return 'none';
  const digits = unit === 'ml' ? 0 : unit === '%' ? 1 : unit === 'mm' || unit === 'points' ? 2 : 3;
  return `${value.toFixed(digits)}${unit && unit !== 'Dice' ? ` ${unit}` : ''}`;
}
