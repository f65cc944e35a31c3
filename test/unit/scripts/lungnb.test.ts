import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../../../scripts/lib/project.ts';

const BIN = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).bin.lungnb;
const CODE = 'console.log("ran", process.argv.slice(2).join(" "))';

const clone = mkdtempSync(join(tmpdir(), 'lungnb-clone-'));
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** A clone whose packages are all there, and whose build writes a command that says its arguments. */
function makeClone(): void {
  for (const folder of ['scripts', 'node_modules']) mkdirSync(join(clone, folder));
  for (const file of [BIN, 'scripts/bootstrap.mjs']) cpSync(join(PROJECT, file), join(clone, file));
  for (const lock of ['package-lock.json', 'node_modules/.package-lock.json'])
    writeFileSync(join(clone, lock), JSON.stringify({ packages: {} }));
  writeFileSync(
    join(clone, 'scripts/build.ts'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
     console.log('building');
     mkdirSync(${JSON.stringify(join(clone, 'out/kernel'))}, { recursive: true });
     writeFileSync(${JSON.stringify(join(clone, 'out/kernel/cli.js'))}, ${JSON.stringify(CODE)});`,
  );
}

const run = () =>
  execFileSync(process.execPath, [join(clone, BIN), 'check', 'a.lungnb'], { stdio: ['ignore', 'pipe', 'pipe'] });

describe('`npx lungnb` in a clone', () => {
  it('is a file of the repository that can be started, whatever has been built', () => {
    expect(BIN).not.toMatch(/^(\.\/)?out\//);
    expect(statSync(join(PROJECT, BIN)).mode & 0o111).toBe(0o111);
  });

  it('builds before its first run, with stdout left to the command', () => {
    makeClone();
    expect(run().toString()).toBe('ran check a.lungnb\n');
    rmSync(join(clone, 'scripts/build.ts'));
    expect(run().toString()).toBe('ran check a.lungnb\n');
  });
});
