/** The command by which a task of a job measures its part of a list. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JobFiles } from './batchSystem.ts';

/** The bundle of the command line lies beside the kernel's; in the source tree it is two folders up. */
function commandLine(): string {
  const bundled = fileURLToPath(new URL('./cli.js', import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../cli.ts', import.meta.url));
}

/** The arguments behind Node itself, without the task's list. */
export function measureArguments({ results, cacheFolder, cacheFrom }: JobFiles): string[] {
  const others = cacheFrom.flatMap((folder) => ['--cache-from', folder]);
  return [commandLine(), 'measure', '--results', results, '--cache', cacheFolder, ...others];
}
