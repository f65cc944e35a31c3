import { describe, expect, it } from 'vitest';
import { dependencyPage } from '../../../src/extension/dependencyPage.ts';

const cell = (index: number, source: string, rest = {}) => ({
  index,
  source,
  defines: [],
  uses: [],
  isStale: false,
  ...rest,
});

describe('the page of dependencies', () => {
  it('has a row for each cell with what it makes and uses, and a line for each result', () => {
    const page = dependencyPage(
      [
        cell(1, 'load "a.csv" as a\nload "b.csv" as b', { defines: ['a', 'b'] }),
        cell(3, 'agree a with b', {
          uses: [
            { name: 'a', row: 0 },
            { name: 'b', row: 0 },
          ],
          isStale: true,
        }),
      ],
      (index) => `cell:${index}`,
    );
    expect(page.match(/<li/g)).toHaveLength(2);
    expect(page).toContain('makes a, b');
    expect(page).toContain('uses a of cell 2, b of cell 2 · out of date');
    expect(page.match(/<circle/g)).toHaveLength(2);
    expect(page).toContain('>b</text>');
    expect(page).toContain('href="cell:3"');
  });

  it('shows what a notebook says as text, whatever it says', () => {
    const page = dependencyPage([cell(0, '<script>alert("1")</script>')], () => '"><script>');
    expect(page).not.toContain('<script>');
  });

  it('says where there are no cells', () => {
    expect(dependencyPage([], String)).toContain('no code cells yet');
  });
});
