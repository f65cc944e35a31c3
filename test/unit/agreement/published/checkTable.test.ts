/** Published tables: what fits passes, what does not is found and said. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contingencyTable } from '../../../../src/kernel/agreement/categories/contingency.ts';
import { cohenKappa } from '../../../../src/kernel/agreement/categories/kappa.ts';
import { KAPPA_WEIGHTS } from '../../../../src/kernel/agreement/categories/weights.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { checkTable, type PublishedRow } from '../../../../src/kernel/agreement/published/checkTable.ts';
import { printedNumber } from '../../../../src/kernel/agreement/published/printedNumber.ts';
import { createRandom } from '../../../../src/kernel/base/random.ts';

const STUDY = join(import.meta.dirname, '../../../../../shared/docs/study.md');

const side = (name: string, counts: number[], percents?: (string | undefined)[]) => ({
  name,
  counts,
  ...(percents ? { percents: percents.map((text) => (text === undefined ? undefined : printedNumber(text))) } : {}),
});
const coefficient = (value: string, low?: string, high?: string) => ({
  value: printedNumber(value),
  ...(low && high ? { interval: [printedNumber(low), printedNumber(high)] as const } : {}),
});
const checksOf = (row: Partial<PublishedRow>) =>
  checkTable([{ name: 'GGO', n: 50, ...row }]).map(({ code, place, expected, found }) => [
    code,
    place,
    expected,
    found,
  ]);

describe('counts', () => {
  it('may be right to the last digit', () => {
    const sides = [side('AI', [30, 15, 5], ['60', '30.0', '10']), side('reader', [29, 17, 4])] as const;
    expect(checksOf({ sides })).toEqual([]);
  });

  it('must add up to n, and to the same on both sides', () => {
    expect(checksOf({ sides: [side('AI', [30, 15, 6]), side('reader', [29, 17, 4])] })).toEqual([
      ['counts-total', 'GGO, AI', '50', '51'],
      ['totals-differ', 'GGO', 'the same total on both sides', 'AI 51, reader 50'],
    ]);
  });

  it('are faulted with how many are too many or too few, and what is printed', () => {
    const sentences = (counts: number[], percents?: string[]) =>
      checkTable([{ name: 'GGO', n: 50, sides: [side('AI', counts, percents), side('reader', counts)] }])
        .filter(({ place }) => place === 'GGO, AI')
        .map(({ message }) => message);
    expect(sentences([30, 22])).toEqual(['GGO, AI: the counts 30 + 22 add up to 52, not 50 (2 too many).']);
    expect(sentences([30, 17])).toEqual(['GGO, AI: the counts 30 + 17 add up to 47, not 50 (3 too few).']);
    // 99 is within the rounding of two whole percentages; 98 is not.
    expect(sentences([30, 20], ['60', '39'])).toEqual([
      'GGO, AI: category 1 has 20 beside 39 %, but 20 of 50 is 40 %, and no count is 39 %.',
    ]);
    expect(sentences([30, 20], ['60', '38'])).toEqual([
      'GGO, AI: category 1 has 20 beside 38 %, but 20 of 50 is 40 %, and 38 % is 19.',
      'GGO, AI: the percentages add up to 98, more than rounding away from 100.',
    ]);
    expect(sentences([50, 0])).toEqual([]);
    expect(sentences([50.5, -0.5])).toEqual([
      'GGO, AI: category 0 has 50.5, which is no count of 50 cases.',
      'GGO, AI: category 1 has -0.5, which is no count of 50 cases.',
    ]);
  });

  it('must be what their percentages say, which may show the right count', () => {
    const [finding] = checkTable([
      {
        name: 'GGO',
        n: 50,
        sides: [side('AI', [20, 15, 5], ['60.0', undefined, undefined]), side('reader', [30, 15, 5])],
      },
    ]).filter(({ code }) => code === 'count-percent');
    expect(finding).toEqual({
      severity: 'warning',
      code: 'count-percent',
      place: 'GGO, AI',
      expected: '30 (60.0 % of 50)',
      found: '20 beside 60.0 %',
      message:
        'GGO, AI: category 0 has 20 beside 60.0 %, but 20 of 50 is 40.0 %, and 60.0 % is 30; with 30 the counts add up to 50.',
    });
  });

  it('may be rounded either way at a half, but no further', () => {
    // 1 of 80 is 1.25 %.
    const row = (percent: string) =>
      checksOf({ n: 80, sides: [side('AI', [1, 79], [percent, undefined]), side('reader', [1, 79])] });
    expect(row('1.2')).toEqual([]);
    expect(row('1.3')).toEqual([]);
    expect(row('1.4')).toEqual([['count-percent', 'GGO, AI', '1.3 % (1 of 80)', '1 beside 1.4 %']]);
  });

  it('must be whole and no more than n, and percentages must add up to 100 within rounding', () => {
    expect(checksOf({ sides: [side('AI', [55, -5]), side('reader', [25, 25])] }).map(([check]) => check)).toEqual([
      'count',
      'count',
    ]);
    // Three thirds of 33.3 are 99.9, within rounding; 33.3, 33.3 and 30.0 are not.
    expect(
      checksOf({ n: 3, sides: [side('AI', [1, 1, 1], ['33.3', '33.3', '33.3']), side('reader', [1, 1, 1])] }),
    ).toEqual([]);
    const sides = [side('AI', [1, 1, 1], ['33.3', '33.3', '30.0']), side('reader', [1, 1, 1])] as const;
    expect(checksOf({ n: 3, sides }).map(([check]) => check)).toEqual(['count-percent', 'percents-total']);
  });
});

describe('coefficients', () => {
  const sides = [side('AI', [25, 25]), side('reader', [45, 5])] as const;

  it('must be possible under the margins', () => {
    // κ-max is (0.6 − 0.5)/(1 − 0.5) = 0.2.
    expect(checksOf({ sides, kappa: coefficient('0.20') })).toEqual([]);
    expect(checksOf({ sides, kappa: coefficient('0.35'), weights: 'none' })).toEqual([
      ['kappa-margins', 'GGO', 'unweighted −0.20 to 0.20', '0.35'],
    ]);
  });

  it('must lie in their intervals, those of κ in the middle', () => {
    expect(checksOf({ kappa: coefficient('0.50', '0.55', '0.70') })).toEqual([
      ['interval-order', 'GGO', 'an interval around 0.50', '0.50 [0.55–0.70]'],
    ]);
    expect(checksOf({ kappa: coefficient('0.50', '0.30', '0.60') }).map(([check]) => check)).toEqual([
      'interval-asymmetry',
    ]);
    expect(checksOf({ kappa: coefficient('0.39', '0.30', '0.47') })).toEqual([]);
    // Fisher's z is asymmetric by right, and so is an interval cut off at 1.
    expect(checksOf({ rho: coefficient('0.80', '0.60', '0.90'), kappa: coefficient('0.90', '0.70', '1.00') })).toEqual(
      [],
    );
    expect(checksOf({ rho: coefficient('1.20') }).map(([check]) => check)).toEqual(['coefficient-range']);
  });

  it('of ρ must have the p of their n', () => {
    const row = (relation: '=' | '<', p: string) =>
      checksOf({ n: 107, rho: coefficient('0.24'), rhoP: { relation, value: printedNumber(p) } });
    expect(row('=', '0.013')).toEqual([]);
    expect(row('=', '0.030')).toEqual([['rho-p', 'GGO', '0.011 to 0.015', '0.030']]);
    expect(row('<', '0.001')).toEqual([['rho-p', 'GGO', '0.011 to 0.015', '< 0.001']]);
    expect(row('<', '0.05')).toEqual([]);
  });

  it('are never faulted when they were computed from such a table, whatever the weights', () => {
    const random = createRandom('published');
    for (let n = 0; n < 20; n++) {
      const left = Array.from({ length: 60 }, () => Math.floor(random.between(0, 4)));
      const right = left.map((grade) => (random.chance(0.4) ? Math.floor(random.between(0, 4)) : grade));
      const table = contingencyTable(left, right, 4);
      const count = (grades: readonly number[]) =>
        [0, 1, 2, 3].map((grade) => grades.filter((g) => g === grade).length);
      for (const weights of KAPPA_WEIGHTS) {
        const own = cohenKappa(table, weights);
        const [value, low, high] = [own.kappa, own.ciLow, own.ciHigh].map((e) => valueIn(e)!.toFixed(2));
        const row = { name: weights, n: 60, sides: [side('AI', count(left)), side('reader', count(right))] as const };
        expect(checkTable([{ ...row, kappa: coefficient(value!, low, high), weights }])).toEqual([]);
      }
    }
  });

  it('have no interval that their margins forbid', () => {
    const [finding] = checkTable([
      {
        name: 'GGO',
        n: 50,
        sides: [side('AI', [25, 25]), side('reader', [25, 25])],
        kappa: coefficient('0.60', '0.58', '0.62'),
        weights: 'none',
      },
    ]);
    expect([finding?.code, finding?.found]).toEqual(['kappa-interval', '± 0.020']);
  });
});

describe('printedNumber', () => {
  it('reads numbers as papers print them, and refuses others', () => {
    expect(printedNumber('−0.03')).toEqual({ value: -0.03, decimals: 2, text: '-0.03' });
    expect(printedNumber('73.8 %')).toEqual({ value: 73.8, decimals: 1, text: '73.8' });
    expect(printedNumber('.5').decimals).toBe(1);
    expect(() => printedNumber('n.s.')).toThrow(expect.objectContaining({ code: 'printed-number' }));
  });
});

/** Rows of Tables 3 and 4 from the text of the study. */
function studyRows(): PublishedRow[] {
  const counts = (text: string) =>
    text
      .match(/^\s*\d+( \/ \d+)+/)![0]
      .split('/')
      .map(Number);
  return readFileSync(STUDY, 'utf8')
    .split('\n')
    .filter((line) => / \/ .* \/ .*\[/.test(line) && line.startsWith('|') && !line.startsWith('| class'))
    .map((line) => {
      const [name, rho, ai, radiologist, kappa] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      const percent = ai!.match(/([\d.]+) %/)?.[1];
      const p = rho!.match(/\((<?) ?([\d.]+)\)/);
      const [value, low, high] = kappa!.match(/-?[\d.]+/g)!;
      return {
        name: name!,
        n: 107,
        sides: [side('AI', counts(ai!), percent ? [percent] : undefined), side('radiologist', counts(radiologist!))],
        kappa: coefficient(value!, low, high),
        rho: coefficient(rho!.split(' ')[0]!),
        ...(p
          ? { rhoP: { relation: p[1] === '<' ? ('<' as const) : ('=' as const), value: printedNumber(p[2]!) } }
          : {}),
      };
    });
}

if (!existsSync(STUDY)) console.log('Without the study’s text, its tables are not checked.');
describe.skipIf(!existsSync(STUDY))('the study’s tables', () => {
  it('have three rows that do not add up, one count that its percentage corrects, and three intervals of κ of another kind', () => {
    const findings = checkTable(studyRows());
    expect(findings.map(({ code, place, found }) => [code, place, found])).toEqual([
      ['counts-total', 'normal, AI', '108'],
      ['totals-differ', 'normal', 'AI 108, radiologist 107'],
      ['kappa-interval', 'normal', '± 0.085'],
      ['counts-total', 'consolidation, AI', '98'],
      ['count-percent', 'consolidation, AI', '70 beside 73.8 %'],
      ['totals-differ', 'consolidation', 'AI 98, radiologist 107'],
      ['kappa-interval', 'reticulation', '± 0.165'],
      ['kappa-interval', 'honeycombing', '± 0.125'],
      ['counts-total', 'emphysema, radiologist', '108'],
      ['totals-differ', 'emphysema', 'AI 107, radiologist 108'],
    ]);
    expect(findings[4]!.message).toContain('73.8 % is 79; with 79 the counts add up to 107');
  });
});
