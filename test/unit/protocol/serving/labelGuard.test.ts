import { describe, expect, it } from 'vitest';
import { createLabelGuard } from '../../../../src/protocol/serving/labelGuard.ts';

function guardOf(labels: readonly string[], sources: readonly string[] = [], isUnknown = false) {
  const guard = createLabelGuard();
  guard.learn({ labels, perhaps: [], sources, isUnknown });
  return guard;
}
const seen = (labels: readonly string[], text: string) => guardOf(labels, [text]).replacement().words(text);

describe('what a program sees in place of labels', () => {
  it.each([
    ['a word', ['Miller'], 'Miller has no scores', 'P001 has no scores'],
    ['the name of a file', ['Miller'], 'cts/Miller_CT.nii.gz', 'cts/P001_CT.nii.gz'],
    ['within a word', ['Miller'], 'oldMillerCT2', 'oldP001CT2'],
    ['other capitals', ['Miller'], 'no MILLER here', 'no P002 here'],
    ['a short label in its own capitals', ['Ax'], 'ax, Ax, AxB', 'ax, P001, AxB'],
    ['the longer of two', ['P1', 'P1 b'], 'P1 b and P1, not P10', 'P002 and P001, not P10'],
    ['a long number', ['4711023'], 'patient 4711023; 4711023.5 ml, 14711023', 'patient P001; 4711023.5 ml, 14711023'],
    [
      'a short number where it stands alone',
      ['12'],
      '"12", patient 12, in 12 rows',
      '"P001", patient P001, in 12 rows',
    ],
    ['a label of signs', ['a+b (1)'], 'of a+b (1).', 'of P001.'],
    ['letters of any language', ['Müller-Ørsted'], 'bei Müller-Ørsted', 'bei P001'],
    ['a word of ours', ['total', 'ggo'], 'ggo in total', 'ggo in total'],
  ])('stands for %s', (_, labels, text, expected) => {
    expect(seen(labels, text)).toBe(expected);
  });

  it('is read as the label again wherever it stands, in the spelling that was there', () => {
    const source = 'load "Miller_CT.csv" as r # MILLER\nfilter r where patient == "Miller" # oldMiller2';
    const guard = guardOf(['Miller', '12'], [source]);
    const hidden = guard.hiddenSource(source, 'code');
    expect(hidden).not.toMatch(/miller/i);
    expect(guard.meant(hidden)).toBe(source);
  });

  it('is none that stands in the text of the notebook', () => {
    const source = 'load "P001.csv" as r # Miller';
    const guard = guardOf(['Miller'], [source]);
    expect(guard.hiddenSource(source, 'code')).toBe('load "P001.csv" as r # P002');
    expect(guard.meant(source)).toBe(source);
  });

  it('stays, and so does what was hidden, when the label is gone and others come', () => {
    const guard = guardOf(['Miller']);
    guard.learn({ labels: ['Abel'], perhaps: ['cts'], sources: [], isUnknown: false });
    expect(guard.replacement().words('Miller, Abel, cts')).toBe('P001, P002, P003');
    guard.learn({ labels: ['Abel'], perhaps: [], sources: [], isUnknown: false });
    expect(guard.replacement().words('Miller, Abel, cts')).toBe('P001, P002, cts');
  });

  it('stands in tables in place of numbers, and in names of columns', () => {
    const rows = [{ patient: 12, Miller_ggo: 3, note: 'as Miller' }];
    expect(guardOf(['Miller', '12']).hidden({ rows }, { rows: { patient: 'patient' } })).toEqual({
      rows: [{ patient: 'P001', P002_ggo: 3, note: 'as P002' }],
    });
  });

  it('is joined, where nobody can tell what the text names, by what stands in quotes and comments', () => {
    const guard = guardOf(['Miller'], [], true);
    expect(guard.hiddenSource('exclude "Abel" from c # Abel\nshow Miller', 'code')).toBe(
      'exclude "…" from c # …\nshow P001',
    );
    expect(guard.hiddenSentence('There is no "Abel" beside Miller.')).toBe('There is no "…" beside P001.');
  });

  it('takes no time to speak of among ten thousand labels', () => {
    const labels = Array.from({ length: 10_000 }, (_, n) => `Subject ${n}`);
    const guard = guardOf(labels);
    expect(guard.replacement().words('x'.repeat(20_000) + labels.at(-1))).toMatch(/xP10000$/);
  });
});
