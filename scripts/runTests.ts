/**
 * `npm test`: every suite, one final count. `npm test -- unit integration` runs some of: checks, unit, integration, e2e.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runIntegrationTests, type SuiteResult } from '../test/harness/insideVsCode.ts';
import { makeTestWorkspace } from '../test/harness/testWorkspace.ts';
import { CHECKS, runChecks } from './check.ts';
import { mustRunNode, runNode } from './lib/processes.ts';
import { CLI, MEASUREMENT_CACHE, PROJECT } from './lib/project.ts';

const SUITES: Readonly<Record<string, () => Promise<SuiteResult>>> = {
  checks,
  unit: () => vitest('unit', 'vitest.config.ts'),
  integration,
  e2e: () => vitest('e2e', 'test/e2e/vitest.config.ts'),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in SUITES));
if (unknown.length)
  throw new Error(`Unknown suite ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}.`);

await mustRunNode(['scripts/build.ts', '--tests']);
await mustRunNode(['samples/phantom/buildCohort.ts']);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, run] of Object.entries(SUITES)) {
  if (chosen.length && !chosen.includes(name)) continue;
  console.log(`\n=== ${name} ===`);
  const start = Date.now();
  const result = await run().catch(
    (error: Error): SuiteResult => ({ passed: [], failed: [`${name}: ${error.stack}`], skipped: [] }),
  );
  const ranNothing = result.passed.length + result.failed.length === 0;
  const failures = [
    ...(ranNothing ? [`${name}: the suite ran no test`] : result.failed),
    // What a developer's machine lacks, such as dcmtk, the machine that decides has.
    ...(process.env.CI ? result.skipped.map((title) => `skipped: ${title}`) : []),
  ];
  for (const failure of failures) console.log(`✗ ${failure}`);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${name}: ${result.passed.length} passed, ${failures.length} failed${skippedWords(result.skipped)} in ${seconds} s`,
  );
  passed += result.passed.length;
  failed += failures.length;
  skipped += result.skipped.length;
}
process.exitCode = failed || passed === 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed${skippedWords({ length: skipped })}`);

function skippedWords({ length }: { readonly length: number }): string {
  return length ? `, ${length} skipped` : '';
}

async function checks(): Promise<SuiteResult> {
  const failures = await runChecks();
  return {
    passed: CHECKS.map(({ name }) => name).filter((name) => !failures.includes(name)),
    failed: failures,
    skipped: [],
  };
}

/** Runs vitest, whose own report goes to the terminal, and reads its counts. */
async function vitest(suite: string, config: string): Promise<SuiteResult> {
  const resultsFile = join(PROJECT, 'out', `${suite}-results.json`);
  rmSync(resultsFile, { force: true });
  const reports = ['--reporter=dot', '--reporter=json', `--outputFile.json=${resultsFile}`];
  const code = await runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...reports]);
  const report: VitestReport = JSON.parse(readFileSync(resultsFile, 'utf8'));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (status: string) => tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  // A file that could not even be loaded has no test that failed.
  const broken = report.testResults
    .filter((file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
    .map(({ name, message }) => `${name}: ${message}`);
  const failures = [...titles('failed'), ...broken];
  if (code !== 0 && failures.length === 0) failures.push(`${suite}: vitest ended with exit code ${code}`);
  return { passed: titles('passed'), failed: failures, skipped: ['skipped', 'pending', 'todo'].flatMap(titles) };
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The command line runs the quick start first: the suite inside VS Code compares with it, and finds the cache filled. */
async function integration(): Promise<SuiteResult> {
  const workspace = makeTestWorkspace();
  try {
    const quickstart = join(workspace, 'quickstart.lungnb');
    const outputs = ['--out', join(workspace, 'executed.lungnb'), '--json', join(workspace, 'results.json')];
    await mustRunNode([CLI, 'run', quickstart, '--cache', MEASUREMENT_CACHE, ...outputs], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return await runIntegrationTests(workspace, MEASUREMENT_CACHE);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
