/**
 * `npm run bench -- agree`: bootstrap intervals of ρ and κ for 6 classes × 6 regions of 107 patients, by LungNB and, on
 * the same data in the same run, by R's `boot` with `cor` and psych's `cohen.kappa` (where R has both). R repeats fewer
 * resamples, and its time is multiplied up.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgreementPairs, agreementRow } from '../../src/kernel/agreement/agreementTable.ts';
import { createRandom } from '../../src/kernel/base/random.ts';
import { categoryOf, DEFAULT_CUT_POINTS } from '../../src/kernel/tables/categories.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../src/protocol/names.ts';

const PATIENTS = 107;
const RESAMPLES = 10_000;
const RESAMPLES_OF_R = 50;
const ROUNDS = 5;

const groups = pairsOfStudy();
const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  for (const group of groups)
    agreementRow(group, { name: 'linear', weights: 'linear' }, { kind: 'bootstrap', repetitions: RESAMPLES, seed: 1 });
  times.push((performance.now() - start) / 1000);
}
const seconds = times.sort((a, b) => a - b)[ROUNDS >> 1]!;
console.log(`${RESAMPLES} resamples of ρ and κ for ${groups.length} pairs of class and region, ${PATIENTS} patients`);
const rSeconds = secondsOfR();
console.table({
  LungNB: { seconds: Number(seconds.toFixed(2)), 'times LungNB': 1 },
  ...(rSeconds === undefined
    ? {}
    : {
        'R, boot and psych': {
          seconds: Number(rSeconds.toFixed(0)),
          'times LungNB': Number((rSeconds / seconds).toFixed(0)),
        },
      }),
});

/** Percentages with many small values, as in lungs, and a reader's categories that mostly follow them. */
function pairsOfStudy(): AgreementPairs[] {
  const random = createRandom('bench agree');
  return LOBAR_REGIONS.flatMap((region) =>
    TEXTURE_CLASSES.map((name) => ({
      region,
      class: name,
      missing: 0,
      categories: DEFAULT_CUT_POINTS.length + 1,
      pairs: Array.from({ length: PATIENTS }, (_, n) => {
        const left = Math.min(100, Math.exp(random.normal() * 2));
        const right = categoryOf(Math.min(100, left * Math.exp(random.normal())), DEFAULT_CUT_POINTS);
        const leftCategory = categoryOf(left, DEFAULT_CUT_POINTS);
        return { patient: `P${n}`, left, right, leftCategory, rightCategory: right };
      }),
    })),
  );
}

/** Seconds that R would need for as many resamples, or undefined where it cannot run. */
function secondsOfR(): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
  try {
    const file = join(folder, 'pairs.csv');
    const lines = groups.flatMap((group, g) =>
      group.pairs.map((pair) => [g, pair.left, pair.right, pair.leftCategory].join(',')),
    );
    writeFileSync(file, ['group,left,right,category', ...lines].join('\n'));
    const arguments_ = [join(import.meta.dirname, 'agree.R'), file, String(RESAMPLES_OF_R)];
    const own = Number(execFileSync('Rscript', arguments_, { encoding: 'utf8' }));
    return (own * RESAMPLES) / RESAMPLES_OF_R;
  } catch (error) {
    console.log(`R is not compared: ${(error as Error).message.split('\n').at(-2)}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
