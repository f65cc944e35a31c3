/** What containers/ has no program for on this computer: its shell lines, run by hand. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../../..');
const CLI = join(PROJECT, 'src/kernel/cli.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-containers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a command in the place of `lungnb`. */
function command(name: string, lines: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, name), 0o755);
}

function bash(script: string) {
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('bash', ['-ue', '-c', script], { cwd: folder, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.skipIf(process.platform === 'win32')('the script of main.nf', () => {
  /** As Nextflow makes it of a text in three quotes. */
  const script = () => {
    const text = /script:\s*"""(.*?)"""/s.exec(readFileSync(join(PROJECT, 'containers/main.nf'), 'utf8'))![1]!;
    const values: Record<string, string> = {
      'params.cohort': `${folder}/no cohort`,
      'params.cache': `${folder}/cache`,
      'params.parts': '40',
      part: '3',
      'task.cpus': '2',
    };
    return text
      .replace(/(?<!\\)\$\{([^}]*)\}/g, (_, name) => values[name]!)
      .replaceAll('\\$', '$')
      .replaceAll('\\\\', '\\');
  };

  it('measures a part, and is content where a CT of it failed, but not where the command did', () => {
    for (const [code, status] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [137, 1],
    ]) {
      command('lungnb', `printf '%s\\n' "$@"; exit ${code}`);
      expect(bash(script()).status).toBe(status);
      expect(readFileSync(join(folder, 'results.jsonl'), 'utf8').trim().split('\n')).toEqual([
        ...['measure', `${folder}/no cohort`, '--cache', `${folder}/cache`],
        ...['--shard', '3/40', '--threads', '2', '--json'],
      ]);
    }
  });

  it('has options that the command knows', () => {
    command('lungnb', `exec '${process.execPath}' '${CLI}' "$@"`);
    const { stderr } = bash(script());
    expect(stderr).toMatch(/"no cohort"/);
    expect(stderr).not.toMatch(/option|Usage/i);
  });
});

describe.skipIf(process.platform === 'win32')('the entry of the Dockerfile', () => {
  it('is the command, and a shell where Nextflow asks for one', () => {
    const written = /RUN (printf '[^']*') > \/usr\/local\/bin\/lungnb-entry/.exec(
      readFileSync(join(PROJECT, 'containers/Dockerfile'), 'utf8'),
    )![1]!;
    command('lungnb', 'echo lungnb "$@"');
    expect(bash(`${written} > lungnb-entry && chmod +x lungnb-entry`).status).toBe(0);
    expect(bash('lungnb-entry measure "a b"').stdout).toBe('lungnb measure a b\n');
    expect(bash('lungnb-entry').stdout).toBe('lungnb\n');
    expect(bash('lungnb-entry /bin/bash -c "echo here"').stdout).toBe('here\n');
  });
});
