/** `level`: intervals of another confidence than 95 %, everywhere that they stand. */
import { beforeEach, describe, expect, it } from 'vitest';
import { methodsParagraph } from '../../../src/protocol/methods/methods.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(async () => {
  const scores = [0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 1, 3, 0, 2, 0, 1];
  const table = (other: (score: number, n: number) => number) =>
    ['patient,class,score', ...scores.map((score, n) => `P${n},ggo,${other(score, n)}`)].join('\n');
  notebook = startSession({
    files: {
      'a.csv': table((score) => score),
      'b.csv': table((score, n) => (n % 3 ? score : Math.min(4, score + 1))),
    },
  });
  await notebook.run('load "a.csv" as a\nload "b.csv" as b');
});

describe('level', () => {
  it.each(['asymptotic', 'jackknife', 'bootstrap 500', 'bca 500'])('narrows the intervals of ci %s', async (ci) => {
    const [usual] = await notebook.rows(`agree a with b for ggo ci ${ci}`);
    const [narrow] = await notebook.rows(`agree a with b for ggo ci ${ci} level 80`);
    const bounds = ['rho_ci_low', 'rho_ci_high', 'kappa_ci_low', 'kappa_ci_high'];
    const [inner, outer] = [narrow, usual].map((row) => bounds.map((bound) => Number(row![bound])));
    expect(inner![0]).toBeGreaterThan(outer![0]!);
    expect(inner![1]).toBeLessThan(outer![1]!);
    expect(inner![2]).toBeGreaterThan(outer![2]!);
    expect(inner![3]).toBeLessThan(outer![3]!);
    expect({ ...narrow, ...Object.fromEntries(bounds.map((bound) => [bound, usual![bound]])) }).toEqual(usual);
  });

  it('narrows every interval of the statistics, but for those without width', async () => {
    await notebook.run('agree a with b for ggo as usual\nagree a with b for ggo level 80 as narrow');
    const [usual, narrow] = [await notebook.rows('describe usual'), await notebook.rows('describe narrow')];
    expect(narrow).toHaveLength(usual.length);
    const wider = usual.filter(({ statistic, ci_low, ci_high }, n) => {
      const own = narrow[n]!;
      expect(own.statistic).toBe(statistic);
      return (
        ci_low !== null &&
        Number(ci_high) - Number(ci_low) <= Number(own.ci_high) - Number(own.ci_low) &&
        ci_low !== ci_high
      );
    });
    expect(wider.map(({ statistic }) => statistic)).toEqual([]);
    expect(usual.filter(({ ci_low }) => ci_low !== null).length).toBeGreaterThan(20);
  });

  it('is told in headings, notes, figures and the methods paragraph', async () => {
    const table = await notebook.last('table', 'agree a with b for ggo level 90 as ag');
    expect(table.columns.find(({ name }) => name === 'kappa_ci_low')!.description).toBe(
      'Lower bound of the 90 % confidence interval of κ',
    );
    expect(table.notes.join(' ')).toContain('90 % intervals: ρ by');
    const summary = await notebook.last('table', 'summarise ag');
    expect(summary.columns.map(({ label }) => label)).toContain('ρ [90 % CI]');
    expect((await notebook.last('figure', 'plot ag as forest')).notes[0]).toMatch(/^Lines are 90 % confidence/);
    expect((await notebook.last('figure', 'plot ag as bland-altman')).notes[0]).toContain(
      'their exact 90 % confidence',
    );
    const paragraph = methodsParagraph([table.provenance!])!;
    expect(paragraph).toContain('90 % confidence interval by Fisher’s z');
    expect(paragraph).toContain('with 90 % confidence intervals from');
  });

  it('is refused beyond its range, and where it does nothing', async () => {
    expect(await notebook.problem('agree a with b level 20')).toMatch(/^out-of-range/);
    expect(await notebook.problem('agree a with b, a for ggo level 90')).toMatch(/^(idle-clause|repeated-reader)/);
  });
});
