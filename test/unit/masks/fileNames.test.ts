import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameOf, fileNamesOf, labelOfFileName } from '../../../src/kernel/masks/fileNames.ts';

describe('the name of a patient’s folder', () => {
  it.each([
    ['P01', 'P01'],
    ['Müller 3', 'Müller 3'],
    ['site/7', 'site%2F7'],
    ['a:b*?', 'a%3Ab%2A%3F'],
    ['50%', '50%25'],
    ['..', '%2E%2E'],
    ['.hidden', '%2Ehidden'],
    ['ends. ', 'ends.%20'],
    ['con', '%63on'],
    ['LPT1.x', '%4CPT1.x'],
    ['line\nbreak', 'line%0Abreak'],
    ['', '%00'],
  ])('of %j is %j, and stands for it', (label, name) => {
    expect(fileNameOf(label)).toBe(name);
    expect(labelOfFileName(name)).toBe(label);
  });

  it('is cut where it is long, with an end of its own', () => {
    const [one, other] = [fileNameOf(`${'ä'.repeat(200)}1`), fileNameOf(`${'ä'.repeat(200)}2`)];
    expect(one).not.toBe(other);
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(120);
    expect(one).toMatch(/^ä+~[0-9a-f]{12}$/);
  });

  it('differs from that of a label in other capitals, or with accents in another form', () => {
    const labels = ['p1', 'P1', 'é', 'e\u0301'];
    const names = fileNamesOf(labels);
    expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(4);
    expect([...names].map(([label, name]) => labelOfFileName(name) === label)).toEqual([true, true, true, true]);
  });

  it('is a name on any file system, whatever the label', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (label) => {
        const name = fileNameOf(label);
        expect(name).not.toMatch(/[<>:"/\\|?*]|^\.|[. ]$|^$/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
      }),
    );
  });
});

it('a name of somebody else’s stands for itself', () => {
  expect(labelOfFileName('100%')).toBe('100%');
});
