/**
 * `npm run bench -- large`: what each verb takes of 10 000 patients with 36 percentages each, in seconds of processor time
 * (all threads, which a busy computer changes less than the clock), memory, and bytes of output; and what a parameter that
 * moves costs, from the score to the figure.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../src/kernel/base/random.ts';
import { createSession } from '../../src/kernel/session/session.ts';
import { FOLLOW, LOAD, PARAMETER, writeScores } from './scores.ts';

const PATIENTS = 10_000;
const ROUNDS = 3;
const VERBS = [
  'load "registry.csv" as registry',
  'describe ai',
  'agree scored with reader by region weights linear ci bootstrap 200 as sampled',
  'plot ag as scatter',
  'plot ag as heatmap',
  'plot ag as confusion for ggo',
  'plot ag as kappa-curve',
  'agree ai with again on percent by region as percents',
  'plot percents as bland-altman',
  'plot ai as box',
  'plot ai as stacked',
  'summarise ai by region',
  'summarise registry by site with tests',
  'join ai with registry as both',
  'filter both where percent > 20 as some',
  'derive both ratio = percent / fvc as divided',
  'derive both fibrosis = reticulation + honeycombing as summed',
  'relate both percent with fvc for ggo by region as related',
  'plot related as scatter',
  'plot both as box for ggo by sex',
  'exclude "P7" from ai because "as an example" as left',
];

const folder = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
try {
  await largeNotebook();
} finally {
  rmSync(folder, { recursive: true });
}

async function largeNotebook(): Promise<void> {
  writeScores(folder, PATIENTS);
  writeRegistry();
  let bytes = 0;
  const session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [], parameters: {} },
    {
      progress: () => {},
      output(output) {
        bytes += JSON.stringify(output).length;
      },
    },
  );
  const run = async (cellId: string, source: string) => {
    const start = process.cpuUsage();
    bytes = 0;
    const { problem } = await session.runCell({ cellId, source });
    if (problem) throw new Error(`${source}: ${problem.message}`);
    const { user, system } = process.cpuUsage(start);
    return { seconds: (user + system) / 1e6, bytes };
  };
  const rows: Record<string, object> = {};
  const table = async (cellId: string, source: string) => {
    const { seconds, bytes: written } = await run(cellId, source);
    rows[source] = {
      'processor, s': Number(seconds.toFixed(2)),
      'output, MB': Number((written / 1e6).toFixed(2)),
      'memory, MB': Math.round(process.memoryUsage().rss / 1e6),
    };
  };
  const cells = [...LOAD, 'load "again.csv" as again', PARAMETER, ...FOLLOW, ...VERBS];
  for (const [n, source] of cells.entries()) await table(String(n), source);
  const first = LOAD.length + 2;
  const moved: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await run(String(first - 1), `param cut = ${30 + round} in 0..100`);
    let seconds = 0;
    for (const [n, source] of FOLLOW.entries()) seconds += (await run(String(first + n), source)).seconds;
    moved.push(seconds);
  }
  await session.close();
  console.log(`${PATIENTS} patients, ${36 * PATIENTS} rows`);
  console.table(rows);
  const median = moved.sort((a, b) => a - b)[ROUNDS >> 1]!;
  console.log(`a parameter moved, to the figure: ${median.toFixed(2)} s of processor`);
  console.log(`most memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

function writeRegistry(): void {
  const random = createRandom('bench registry');
  const rows = Array.from({ length: PATIENTS }, (_, n) => {
    const [age, fvc] = [50 + 30 * random(), 50 + 60 * random()].map(Math.round);
    return `P${n},${age},${random() < 0.5 ? 'f' : 'm'},${fvc},${'ABC'[n % 3]}`;
  });
  writeFileSync(join(folder, 'registry.csv'), ['patient,age,sex,fvc,site', ...rows].join('\n'));
  writeFileSync(
    join(folder, 'again.csv'),
    [
      'patient,region,class,percent',
      ...Array.from({ length: PATIENTS }, (_, n) => `P${n},total,ggo,${(100 * random()).toFixed(1)}`),
    ].join('\n'),
  );
}
