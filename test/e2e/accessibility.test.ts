/** axe-core over everything the renderer draws, in every kind of theme that VS Code has. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { MEASURING_MS, makeTestWorkspace } from '../harness/testWorkspace.ts';
import { openWorkbench, outputFrame, type Theme } from '../harness/workbench.ts';

const CELLS = [
  'param cut = 25 in 0..100 step 5',
  'param weighting = "linear" in "none", "linear"',
  'param strict = true',
  'load "cohort/" as cohort\ndescribe cohort',
  'quantify cohort as ai\nload "reader1.csv" as reader',
  'show cohort "P01" overlay ai',
  'show cohort "P02" beside cohort "P03" overlay ai',
  'measure cohort as rois',
  'agree ai with reader weights linear as ag',
  ...['scatter', 'confusion', 'forest', 'kappa-curve'].map((kind) => `plot ag as ${kind} for ggo`),
  'plot ai as stacked',
  'agree ai with ai as same\nplot same as bland-altman for ggo',
  'show ai as patients',
  'exclude "P07" from ai because "cut off" as kept\nflow kept',
];
/** On the two CTs that are shown first. */
const DRAWN = ['P01', 'P02'].flatMap((patient) =>
  (['ruler', 'circle', 'polygon'] as const).map((shape, n) => ({
    id: `${patient}${shape}`,
    patient,
    series: 'series-1',
    name: `${n}`,
    shape,
    plane: 'axial',
    index: 40,
    points: ['100 100', '120 130', ...(shape === 'polygon' ? ['90 130'] : [])],
  })),
);
const THEMES: readonly Theme[] = [
  'Default Light Modern',
  'Default Dark Modern',
  'Default High Contrast',
  'Default High Contrast Light',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary: string }[];
}

let workspace: string;

beforeAll(() => {
  workspace = makeTestWorkspace();
  const notebook = join(workspace, 'all.lungnb');
  const cells = CELLS.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells, annotations: { drawn: DRAWN, slices: [] } }));
  execFileSync(process.execPath, [CLI, 'run', notebook, '--cache', MEASUREMENT_CACHE, '--out', notebook], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}, MEASURING_MS);

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe('the outputs of a notebook', () => {
  it.each(THEMES)(
    'have no serious fault of accessibility in %s',
    async (theme) => {
      const workbench = await openWorkbench({
        workspaceFolder: workspace,
        notebook: join(workspace, 'all.lungnb'),
        cacheFolder: MEASUREMENT_CACHE,
        theme,
        size: { width: 1280, height: 13_000 },
      });
      try {
        const frame = await outputFrame(workbench.page);
        await expect.poll(() => frame.getByTestId('figure').count(), { timeout: 30_000 }).toBe(7);
        await expect.poll(() => frame.locator('.main-svg').count(), { timeout: 30_000 }).toBeGreaterThan(6);
        const viewers = frame.getByTestId('slice-viewer');
        // Of one CT alone.
        const single = viewers.filter({ has: frame.getByTestId('three-planes') });
        await single.getByTestId('three-planes').click();
        await expect.poll(() => single.getByTestId('crosshair').count()).toBe(3);
        await expect.poll(() => frame.getByTestId('drawn-row').count()).toBe(6);
        await frame.evaluate(AXE);
        const violations = (await frame.evaluate(
          // Whole pages have headings and landmarks; outputs are parts of one.
          `axe.run({ include: [['.output_container']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations)`,
        )) as Violation[];
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          serious.map(
            ({ id, nodes }) =>
              `${id}: ${nodes.length}; ${JSON.stringify(nodes[0]?.target)} ${nodes[0]?.failureSummary}`,
          ),
        ).toEqual([]);
      } finally {
        await workbench.close();
      }
    },
    120_000,
  );
});
