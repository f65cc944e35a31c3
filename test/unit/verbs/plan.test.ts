/** `plan` as a notebook runs it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

const figureOf = (source: string) => notebook.last('figure', source);

describe('plan', () => {
  it('says how many patients an interval needs, and draws the width with fewer and more', async () => {
    const { title, notes, data, provenance } = await figureOf(
      'plan kappa 0.6 width 0.1 categories 5 readers 2 as design',
    );
    expect(title).toBe('520 patients for κ 0.6');
    expect(notes[0]).toBe(
      'With 520 patients (2 readers, 5 categories with the shares 0.2, 0.2, 0.2, 0.2 and 0.2), the 95 % confidence interval of an expected κ of 0.6 is expected to be 0.0999 wide.',
    );
    expect(notes.join(' ')).toContain('Flack et al. 1988): 523 patients');
    const [curve, flack, chosen] = data as { x: number[]; y: number[] }[];
    expect(chosen!.x).toEqual([520]);
    expect(curve!.x).toContain(520);
    expect(curve!.y.every((width, n) => n === 0 || width <= curve!.y[n - 1]!)).toBe(true);
    expect(flack!.y).toHaveLength(curve!.y.length);
    expect(provenance!.parameters).toMatchObject({ plan: 'kappa', expected: 0.6, patients: 520, level: 95 });
    expect(notebook.value('design', 'table').table.columnNames()).toEqual(['patients', 'width', 'width_flack']);
  });

  it('says how many patients a test needs, and what so many give', async () => {
    const [one, two] = [
      await figureOf('plan icc 0.8 against 0.6 sides 1'),
      await figureOf('plan icc 0.8 against 0.6 sides 1 patients 39'),
    ];
    expect(one.notes[0]).toMatch(/^39 patients .* from 0\.6 with a power of 80\.\d % in a one-sided test at 5 %\.$/);
    expect(two.notes[0]).toBe(one.notes[0]);
    expect((await figureOf('plan spearman 0.7 patients 107')).notes[0]).toContain('expected to be 0.22 wide');
    expect((await figureOf('plan limits 12 width 54 assurance 90')).notes[0]).toMatch(
      /^With 354 patients, .* with a probability of 90\.1 %\.$/,
    );
  });

  it('can be drawn again by its name', async () => {
    await notebook.run('plan spearman 0.5 against 0 as design');
    expect((await figureOf('plot design as sample-size')).title).toBe('30 patients for ρ 0.5 against 0');
    expect(await notebook.problem('plot design as scatter')).toBe(
      'wrong-kind: `design` cannot be drawn as `scatter`. Write sample-size.',
    );
  });

  it.each([
    ['plan kappa 0.6', /^one-goal: Say what for/],
    ['plan kappa 0.6 width 0.1 against 0.4', /^one-goal: A plan has one goal/],
    ['plan kappa 0.6 width 0.1 patients 100', /^one-goal: `patients 100` asks what so many give, and `width`/],
    ['plan kappa 1 width 0.1', /^out-of-range: 1 cannot be planned for: κ has to be between -1 and 1 here\.$/],
    ['plan kappa 0.6 against 0.6', /^out-of-range: 0\.6 is the expected value itself/],
    ['plan kappa 0.6 width 0.1 shares 0.6, 0.3', /^shares: The shares add up to 0\.9/],
    ['plan kappa 0.6 width 0.1 categories 3 shares 0.6, 0.4', /^shares: There are 2 shares for 3 categories/],
    ['plan spearman 0.6 width 0.1 readers 3', /^idle-clause: `readers` means nothing for `plan spearman`/],
    ['plan kappa 0.6 width 0.1 power 90', /^idle-clause: `power` is for a test/],
    ['plan limits 12 width 40', /^out-of-reach: .*The limits alone are 47\.04 apart/],
    ['plan icc 0.8 patients 3', /^out-of-range: 3 patients are too few/],
  ])('refuses %s', async (source, problem) => {
    expect(await notebook.problem(source)).toMatch(problem);
  });

  it.each([
    ['plan reading 60 readers 5 each 2', '60 cases, each read by 2 of 5 readers: 24 cases for each reader.'],
    ['plan reading 61 readers 5 each 2', '61 cases, each read by 2 of 5 readers: 24 to 25 cases for each reader.'],
    ['plan reading 2 readers 5', '2 cases, each read by 1 of 5 readers: 0 to 1 cases for each reader.'],
  ])('shares cases between readers: %s', async (source, said) => {
    expect((await notebook.last('table', source)).notes[0]).toContain(said);
  });
});
