/** What the simulated registry says of lung function, antibodies and deaths, by `relate`, against the coefficients that it was drawn with. */
import { beforeAll, describe, expect, it } from 'vitest';
import { studyFiles } from '../../../samples/study/buildStudy.ts';
import { clinicRows, TRUTH, trueExtents } from '../../../samples/study/clinic.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;

beforeAll(async () => {
  const extents = [...trueExtents()].map(([patient, own]) =>
    [patient, own.reticulation + own.honeycombing, own.ggo, Math.log(Math.max(0.02, own.consolidation))].join(','),
  );
  notebook = startSession({
    files: {
      'registry.csv': studyFiles()['registry.csv']!,
      'extents.csv': ['patient,fibrosis,ggo,log_consolidation', ...extents].join('\n'),
    },
  });
  await notebook.shown(
    'load "registry.csv" as registry\nload "extents.csv" as extents\njoin extents with registry as both\nderive both mda5 = antibody == "MDA5" as known',
  );
}, 60_000);

interface Shown {
  readonly statistic: unknown;
  readonly value: unknown;
  readonly ci_low: unknown;
  readonly ci_high: unknown;
}

/** The values of a statistic's 95 % interval, which is to hold the truth. */
async function interval(relate: string, statistic: string): Promise<[number, number]> {
  await notebook.shown(relate);
  const name = relate.split(' as ').at(-1)!;
  // SAFETY: the columns of every table of statistics.
  const rows = (await notebook.rows(`describe ${name}`)) as unknown as Shown[];
  const found = rows.find((row) => row.statistic === statistic);
  return [Number(found?.ci_low), Number(found?.ci_high)];
}

const holds = ([low, high]: [number, number], truth: number) => {
  expect(low).toBeLessThan(truth);
  expect(high).toBeGreaterThan(truth);
};

describe('the simulated registry', () => {
  it.each(['fvc', 'dlco'] as const)('has the slopes of %s that it was drawn with', async (outcome) => {
    const relate = `relate known fibrosis with ${outcome} adjusting ggo, age, sex as ${outcome}_known`;
    holds(await interval(relate, 'β of fibrosis, adjusted'), TRUTH[outcome].fibrosis);
    const others = await notebook.rows(`describe ${outcome}_known`);
    for (const [name, truth] of [
      ['β of ggo', TRUTH[outcome].ggo],
      ['β of age', TRUTH[outcome].year],
      ['β of sex: male against female', 0],
    ] as const) {
      const row = others.find(({ statistic }) => statistic === name)!;
      holds([Number(row.ci_low), Number(row.ci_high)], truth);
    }
  });

  it('has the hazard ratios that it was drawn with', async () => {
    const relate = 'relate known fibrosis with months event died adjusting age per 10 as death_known';
    holds(await interval(relate, 'hazard ratio of fibrosis, adjusted'), Math.exp(10 * TRUTH.death.fibrosis));
    const rows = await notebook.rows('describe death_known');
    const age = rows.find(({ statistic }) => statistic === 'hazard ratio of age')!;
    holds([Number(age.ci_low), Number(age.ci_high)], Math.exp(TRUTH.death.year));
  });

  it('has the odds of anti-MDA5 that it was drawn with', async () => {
    const relate = 'relate known log_consolidation with mda5 as mda5_known';
    holds(await interval(relate, 'odds ratio of log_consolidation'), Math.exp(TRUTH.mda5.logConsolidation));
  });

  it('is missing where it is missing, and the same as its file', () => {
    const rows = clinicRows();
    expect(rows).toHaveLength(402);
    expect(rows.filter(({ fvc }) => fvc === undefined).length).toBeGreaterThan(0);
    expect(studyFiles()['registry.csv']!.split('\n')[1]!.split(',')).toHaveLength(10);
  });
});
