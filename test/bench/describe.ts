/** `npm run bench -- describe [PATIENTS]`: what `describe` takes of an archive of thousands of series, the first time and later. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMany } from './manySeries.ts';

const root = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
try {
  const patients = process.argv.slice(2).find((written) => /^\d+$/.test(written));
  await describeMany(join(root, 'archive'), patients === undefined ? undefined : Number(patients));
} finally {
  rmSync(root, { recursive: true });
}
