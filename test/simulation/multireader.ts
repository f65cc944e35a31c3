/**
 * `node test/simulation/multireader.ts`: how often the interval of a comparison of readers holds the true difference, which
 * is none: over simulated studies of readers who differ from each other, and by chance between both conditions. Writes the
 * table into docs/statistics.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kappaStatistic } from '../../src/kernel/agreement/categories/kappaValue.ts';
import { spearmanStatistic } from '../../src/kernel/agreement/correlation/spearman.ts';
import { valueIn } from '../../src/kernel/agreement/estimate.ts';
import { aucStatistic } from '../../src/kernel/agreement/multireader/empiricalAuc.ts';
import { type Inference, obuchowskiRockette } from '../../src/kernel/agreement/multireader/obuchowskiRockette.ts';
import { type ReaderCell, readerCell } from '../../src/kernel/agreement/multireader/readerCell.ts';
import type { Statistic } from '../../src/kernel/agreement/resampling/resample.ts';
import { createRandom, type Random } from '../../src/kernel/base/random.ts';

const STUDIES = 2000;
const SIZES = [
  { readers: 3, cases: 30 },
  { readers: 5, cases: 60 },
  { readers: 8, cases: 100 },
];
const CUTS = [0.2, 1, 1.6, 2.2];
const ROWS = ['κ, linear', 'Spearman ρ', 'AUC'] as const;

const category = (value: number) => CUTS.filter((cut) => value >= cut).length;

/** A reader's error is of the case, alike under both conditions in part, and of the reader under each condition. */
function drawStudy(random: Random, { readers, cases }: (typeof SIZES)[number]) {
  const truths = Array.from({ length: cases }, () => random.normal() + 0.5);
  const hard = truths.map(() => 0.3 * random.normal());
  const readings = Array.from({ length: readers }, () => {
    const own = 0.2 * random.normal();
    const alike = truths.map(() => 0.3 * random.normal());
    return [0, 1].map(() => {
      const now = own + 0.15 * random.normal();
      return truths.map((truth, n) => category(truth + hard[n]! + alike[n]! + now + 0.4 * random.normal()));
    });
  });
  return { truths: truths.map(category), readings };
}

type Study = ReturnType<typeof drawStudy>;

function statisticOf(row: (typeof ROWS)[number], own: readonly number[], truths: readonly number[]): Statistic {
  if (row === 'κ, linear') return kappaStatistic(own, truths, CUTS.length + 1, 'linear');
  if (row === 'Spearman ρ') return spearmanStatistic(own, truths);
  return aucStatistic(
    own,
    truths.map((truth) => truth >= 2),
  );
}

/** Undefined where a study has no such statistic. */
function compared(row: (typeof ROWS)[number], { truths, readings }: Study): Inference | undefined {
  const all = truths.map((_, n) => n);
  const cells = readings.map((pair) => pair.map((own) => readerCell(all, statisticOf(row, own, truths))));
  const whole = cells.flatMap(([a, b]) => (isCell(a) && isCell(b) ? [[a, b] as const] : []));
  return whole.length === cells.length ? obuchowskiRockette(whole, 0.95).difference.both : undefined;
}

function isCell(cell: ReaderCell | { readonly reason: string } | undefined): cell is ReaderCell {
  return cell !== undefined && 'value' in cell;
}

const counts = new Map(ROWS.map((row) => [row, SIZES.map(() => ({ held: 0, all: 0 }))]));
for (const [size, plan] of SIZES.entries()) {
  const random = createRandom(`readers ${plan.readers} ${plan.cases}`);
  for (let study = 0; study < STUDIES; study++) {
    const drawn = drawStudy(random, plan);
    for (const row of ROWS) {
      const found = compared(row, drawn);
      const [low, high] = found ? [valueIn(found.ciLow), valueIn(found.ciHigh)] : [];
      if (low === undefined || high === undefined) continue;
      const count = counts.get(row)![size]!;
      count.all++;
      if (low <= 0 && high >= 0) count.held++;
    }
  }
}

const table = [
  `| difference in | ${SIZES.map(({ readers, cases }) => `${readers} readers, ${cases} cases`).join(' | ')} |`,
  `|---|${SIZES.map(() => '---').join('|')}|`,
  ...[...counts].map(
    ([row, sizes]) => `| ${row} | ${sizes.map(({ held, all }) => ((100 * held) / all).toFixed(1)).join(' | ')} |`,
  ),
].join('\n');
console.log(table);

const page = join(import.meta.dirname, '../../docs/statistics.md');
const [begin, end] = ['<!-- readers begin -->', '<!-- readers end -->'];
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(new RegExp(`${begin}[^]*${end}`), () => `${begin}\n${table}\n${end}`),
);
