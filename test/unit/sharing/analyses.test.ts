/** What the methods paragraph and the checklist say of analyses that a notebook really ran. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportingChecklist, YOURS } from '../../../src/extension/sharing/checklist.ts';
import { CLAIM, GRRAS } from '../../../src/extension/sharing/checklistItems.ts';
import { methodsParagraph } from '../../../src/protocol/methods/methods.ts';
import type { ViewModel } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const STUDY = join(import.meta.dirname, '../../../samples/study');
let notebook: TestSession;

beforeAll(async () => {
  const files = ['measurements.csv', 'reader1.csv', 'reader2.csv', 'rescan.csv', 'registry.csv', 'followup.csv'];
  notebook = startSession({
    files: Object.fromEntries(files.map((name) => [name, readFileSync(join(STUDY, name), 'utf8')])),
  });
  await notebook.run(
    'load "measurements.csv" as ai\nload "reader1.csv" as r1\nload "reader2.csv" as r2\nload "rescan.csv" as rescan\nderive r1 side = patient < "S050" as r1side\nagree ai with r1 for ggo as a1\nagree r1 with r2 for ggo as a2\nagree ai with rescan on volume_ml for ggo as volumes\nagree a1 with a2 margin 0.1 as difference\nload "registry.csv" as registry\njoin ai with registry as joined\nload "followup.csv" as yearly',
  );
});

const provenances = (views: readonly ViewModel[]) =>
  views.flatMap((view) => ('provenance' in view && view.provenance ? [view.provenance] : []));
const paragraphOf = async (source: string) => methodsParagraph(provenances(await notebook.shown(source)));

describe('the methods paragraph of what a notebook ran', () => {
  it.each([
    [
      'plan kappa 0.6 width 0.1 categories 3',
      'The sample size was planned for κ (2 readers, 3 categories with the shares 0.333, 0.333 and 0.333): with an expected value of 0.6, ',
    ],
    [
      'plan icc 0.8 against 0.6 power 90',
      'to tell it from 0.6 in a two-sided test at 5 % (method: Walter, Eliasziw and Donner 1998).',
    ],
    [
      'plan limits 12 width 54 assurance 90',
      '354 patients give a 95 % interval no wider than 54 with a probability of 90.1 % (method: exact interval of both limits, Jan and Shieh 2018).',
    ],
    [
      'agree ai with r1, r2 against majority for ggo',
      'Of 2 readings the category that most of them had was taken as their consensus',
    ],
    [
      'repeat yearly',
      'Repeated scans of the same patients (of one day) were compared in percent by the within-patient standard deviation',
    ],
    [
      'change yearly beyond 5 source "Doe 2020"',
      'Change of percent was taken from visit 1 to 2, patient by patient; its mean was tested by the paired t test. A change counted as beyond the error of measurement above 5 (Doe 2020).',
    ],
    ['change yearly per year', 'as the slope per year of the line of least squares through all visits of a patient'],
    ['agree ai with r1, r2 against median for ggo', 'Of 2 readings the median was taken as their consensus'],
    ['agree ai with r1, r2 against each for ggo', 'One reading was compared with each of 2 others'],
    [
      'agree a1 with a2 margin 0.1 level 90',
      'where the lower end of the 90 % confidence interval of their difference in ρ or κ was above −0.1.',
    ],
    [
      'agree ai with rescan on volume_ml for ggo level 90',
      'and the bias and 95 % limits of agreement of Bland and Altman, with 90 % confidence intervals.',
    ],
    ['plot volumes as bland-altman scale trend', 'Limits that follow the mean were computed from the regressions'],
    ['plot volumes as bland-altman scale ratio', 'Ratios were analysed on the logarithmic scale.'],
    ['plot volumes as scatter', 'Lines between both sides were fitted by Deming’s regression'],
    [
      'summarise joined by antibody for ggo',
      'Extents were compared between groups by antibody with the Mann–Whitney test (two groups) or the Kruskal–Wallis test (more).',
    ],
    [
      'summarise registry by sex for age, antibody with tests, differences',
      'Groups were compared by Welch’s test of means, by the Mann–Whitney or Kruskal–Wallis test of lopsided numbers',
    ],
    [
      'relate joined percent with fvc for ggo adjusting age, sex',
      'The percent was related to fvc: numbers by Spearman’s ρ and by linear regression with standard errors that need no equal variances (HC3), the regressions adjusted for age and sex; with 95 % confidence intervals',
    ],
    [
      'relate joined percent with months event died for ggo level 90',
      'related to died: times to an event by the log-rank test of thirds and by Cox’s regression (ties after Efron); with 90 % confidence intervals',
    ],
    [
      'agree joined with rescan on volume_ml for ggo by sex',
      'Bias was compared between groups by Welch’s test of the differences.',
    ],
    ['index joined with fvc', 'staged as limited or extensive after Goh et al., with FVC as the tie-breaker.'],
    [
      'agree ai with rescan, ai on volume_ml for ggo',
      'The volume_ml of 3 sides was compared by the intraclass correlation',
    ],
    ['agree ai with r1side by side for ggo', 'Agreement was compared between 2 groups by side'],
  ])('has its sentence for %s', async (source, sentence) => {
    expect(await paragraphOf(source)).toContain(sentence);
  });

  it('says nothing of κ where numbers alone were compared', async () => {
    const paragraph = await paragraphOf('agree ai with rescan on volume_ml for ggo');
    expect(paragraph).not.toMatch(/Cohen|Spearman’s ρ \(/);
  });
});

describe('the reporting checklist', () => {
  it('has every item of both guidelines, filled in from the outputs or left to the author', async () => {
    const views: ViewModel[] = [];
    for (const source of [
      'plan kappa 0.6 width 0.2 categories 5',
      'agree ai with r1, r2 for ggo',
      'agree ai with r1 for ggo',
    ])
      views.push(...(await notebook.shown(source)));
    const text = reportingChecklist(views)!;
    const lines = text.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect([GRRAS.items.length, CLAIM.items.length]).toEqual([15, 44]);
    expect(lines).toHaveLength(59);
    for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(6);
    expect(lines[5]).toMatch(/^\| 6 \| Methods \| How the numbers .* \| The sample size was planned for κ/);
    expect(lines[9]).toContain('Cohen’s κ without weights');
    expect(lines[9]).not.toContain('sample size');
    expect(lines[12]).toContain(
      'With confidence intervals in “Agreement of 3 readings: ai, r1, r2”, “Agreement of ai with r1”',
    );
    expect(lines[13]).toContain(`| ${YOURS} |`);
    expect(text).toContain('3 tables, whose SHA-256 digests');
  });

  it('is none where nothing was run, and lets no text end a cell', async () => {
    expect(reportingChecklist([])).toBeUndefined();
    await notebook.run('filter ai where percent > 1 || percent < 0 as some');
    const text = reportingChecklist(await notebook.shown('agree some with r1 for ggo'))!;
    const rows = text.split('\n').filter((line) => line.includes('Rows were selected'));
    expect(rows).not.toEqual([]);
    for (const row of rows) expect(row).toContain('percent \\> 1 \\|\\| percent \\< 0');
  });
});
