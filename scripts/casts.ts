/** Part of `npm run check`: every cast in src says in a sentence why it holds (`// SAFETY: …`). */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { castsWithoutReason } from './lib/casts.ts';
import { PROJECT } from './lib/project.ts';

const found = globSync('src/**/*.{ts,tsx}', { cwd: PROJECT }).flatMap((file) =>
  castsWithoutReason(readFileSync(join(PROJECT, file), 'utf8'), file.endsWith('x') ? 'tsx' : 'ts').map(
    (line) => `${file}:${line}`,
  ),
);
for (const place of found)
  console.error(
    `${place}: a cast without a reason. Do without it, or say in a \`// SAFETY:\` line above why it holds.`,
  );
process.exitCode = found.length ? 1 : 0;
