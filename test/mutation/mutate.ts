/**
 * `npm run mutate -- [--each N] [--seed TEXT] [FILE …]`: plants small mistakes in the statistics and the language, one
 * at a time, and prints those that no unit test notices. Sources are changed while they are read, never on disk.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest } from 'vitest/node';
import { PROJECT } from '../../scripts/lib/project.ts';
import { createRandom } from '../../src/kernel/base/random.ts';
import { type Mutant, mutantsOf, mutated } from './mutants.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { each: { type: 'string', default: '8' }, seed: { type: 'string', default: 'mutants' } },
});
const files = positionals.length
  ? positionals
  : globSync('src/kernel/{agreement,language}/**/*.ts', { cwd: PROJECT }).sort();
/** Tests that speak of each part. Another that happens to notice would find a mistake, and would not explain it. */
const TESTS_OF: Readonly<Record<string, readonly string[]>> = {
  agreement: ['test/unit/agreement', 'test/unit/verbs/agree.test.ts'],
  language: ['test/unit/language'],
};

let noticed = 0;
let missed = 0;
for (const file of files) {
  const path = join(PROJECT, file);
  const source = readFileSync(path, 'utf8');
  const before = missed;
  const tests = await testsOf(path, file.split('/')[2]!);
  for (const mutant of chosen(mutantsOf(source), Number(values.each), `${values.seed} ${file}`))
    if (await tests.notice(mutated(source, mutant))) noticed++;
    else {
      missed++;
      console.log(`${file}:${lineOf(source, mutant)}`);
    }
  await tests.close();
  console.error(`${file}: ${missed - before} not noticed`);
}
const total = noticed + missed;
console.log(`\n${noticed} of ${total} mutants noticed (${((100 * noticed) / Math.max(1, total)).toFixed(0)} %)`);

/** The tests that a source's text can change, ready to run on any text in its place. */
async function testsOf(path: string, part: string) {
  let planted: string | undefined;
  const vitest = await createVitest(
    {
      watch: false,
      config: join(PROJECT, 'vitest.config.ts'),
      reporters: [{}],
      bail: 1,
      related: [path],
      fsModuleCache: false,
      setupFiles: [join(import.meta.dirname, 'endless.ts')],
    },
    {
      plugins: [{ name: 'mutant', enforce: 'pre', transform: (_, id) => (id === path ? planted : undefined) }],
    },
  );
  const specifications = await vitest.getRelevantTestSpecifications([...(TESTS_OF[part] ?? [])]);
  return {
    /** Whether a test fails with `code` in the source's place. */
    async notice(code: string): Promise<boolean> {
      planted = code;
      vitest.invalidateFile(path);
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
      return unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
    },
    close: () => vitest.close(),
  };
}

/** Up to `most` mutants, at random, in their order. */
function chosen(mutants: readonly Mutant[], most: number, seed: string): Mutant[] {
  const random = createRandom(seed);
  return mutants
    .map((mutant) => ({ mutant, lot: random() }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, most)
    .map(({ mutant }) => mutant)
    .sort((a, b) => a.start - b.start);
}

function lineOf(source: string, { start, was, becomes }: Mutant): string {
  const line = source.slice(0, start).split('\n').length;
  const [first] = was.split('\n');
  return `${line}: ${first} → ${becomes || 'nothing'}   ${source.split('\n')[line - 1]!.trim()}`;
}
