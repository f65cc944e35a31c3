/** Runs the integration tests in VS Code's extension host; the counts go to the file that the environment names. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const TEST_TIMEOUT_MS = 120_000;

/** Called by VS Code; rejects when a test failed, so that VS Code's own exit code says so too. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: TEST_TIMEOUT_MS });
  mocha.suite.emit('pre-require', globalThis, null, mocha);
  // Part of the suite, by words of its titles, while one works on it.
  const only = process.env.LUNGNB_TEST_ONLY;
  if (only) mocha.grep(new RegExp(only));
  await import('./files.test.ts');
  await import('./problems.test.ts');
  await import('./language.test.ts');
  await import('./quickstart.test.ts');
  await import('./follower.test.ts');
  await import('./cache.test.ts');
  await import('./sharing.test.ts');
  await import('./agents.test.ts');
  await import('./kernel.test.ts');
  const titles: string[] = [];
  const failures: string[] = [];
  const skipped: string[] = [];
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    // What is under way goes to the log, in which a suite that never ends is found out.
    runner.on('test', (test) => console.log(`test: ${test.fullTitle()}`));
    runner.on('pass', (test) => titles.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error) => {
      failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
      console.log(`failed: ${failures.at(-1)}`);
    });
  });
  const file = process.env.LUNGNB_TEST_RESULTS;
  if (!file) throw new Error('LUNGNB_TEST_RESULTS names no file for the results');
  writeFileSync(file, JSON.stringify({ passed: titles, failed: failures, skipped }));
  if (failed) throw new Error(`${failed} integration tests failed`);
}
