/** What others wrote into DICOM, tables, names of files, manifests and answers reaches no terminal and no log as it is. */
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harmless } from '../../../src/extension/harmless.ts';
import { asymmetricVolume, change, temporaryFolder, writeSeries } from '../ct/helpers.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const CLI = join(PROJECT, 'src/kernel/cli.ts');
/** Clears the screen, makes a link, turns the writing round, and rings. */
const EVIL = '\x1b[2J\x1b]8;;mailto:evil\x07x\x9b31m\u202e\u2066\u200b\u2028\x7f';
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202e\u2066]/;

let folder: string;
const server = createServer((request, answer) => {
  const series = [{ '0020000E': { Value: ['1.2'] }, '00080060': { Value: [`MR${EVIL}`] } }];
  answer.setHeader('content-type', 'application/dicom+json');
  answer.end(JSON.stringify(/series\?/.test(request.url ?? '') ? series : []));
});

function notebook(name: string, ...cells: string[]): string {
  const file = join(folder, `${name}.lungnb`);
  writeFileSync(
    file,
    JSON.stringify({ lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: [source] })) }),
  );
  return file;
}

/** Without blocking, since the server answers from here. */
function lungnb(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args, '--show-paths'], { cwd: folder });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

beforeAll(async () => {
  folder = temporaryFolder();
  const files = writeSeries(join(folder, 'cohort', `A01${EVIL}`), asymmetricVolume(24, 24));
  for (const file of files)
    change(file, (tags) => {
      tags['00080070'] = { vr: 'LO', Value: [`Maker ${EVIL}`] };
      tags['00181210'] = { vr: 'SH', Value: [`B70${EVIL.slice(0, 4)}`] };
    });
  writeFileSync(join(folder, 'cohort', `A01${EVIL}`, `letter ${EVIL}.txt`), 'x');
  writeFileSync(join(folder, 'cohort', `A01${EVIL}`, `cut ${EVIL}.dcm`), readFileSync(files[0]!).subarray(0, 300));
  const quoted = `"${EVIL}"`;
  writeFileSync(join(folder, 'evil.csv'), `patient,${quoted},"${EVIL}2"\nP1${EVIL},a${EVIL},1\n`);
  mkdirSync(join(folder, 'models', 'evil'), { recursive: true });
  writeFileSync(
    join(folder, 'models', 'evil', 'manifest.json'),
    JSON.stringify({ [`task${EVIL}`]: 1, task: 'textures' }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('hostile text', () => {
  it('of tables, CTs, names of files, models and notebooks is shown, not sent to the terminal', async () => {
    const file = notebook(
      'evil',
      'load "evil.csv" as t',
      'describe t',
      'load "cohort" as c',
      'describe c',
      'show c',
      'quantify c with "evil" as ai',
      `load "no ${EVIL}" as n`,
      `describe ${EVIL}`,
      `param who = "${EVIL.replaceAll('\u2028', '')}" as "x"`,
    );
    const said = await lungnb('run', file, '--cache', join(folder, 'cache'));
    expect(said).toContain('␛[2J');
    for (const part of ['A01␛', 'Maker ␛', 'letter ␛', 'P1␛', 'no ␛', '\\u{202e}']) expect(said).toContain(part);
    expect(said.match(OBEYED)).toBeNull();
    const checked = await lungnb('check', file);
    expect(checked).toContain('evil.lungnb:8:');
    expect(checked.match(OBEYED)).toBeNull();
  });

  it('is shown by describe, and in what is wrong with the command itself', async () => {
    for (const args of [
      ['describe', 'cohort'],
      ['describe', 'evil.csv'],
      ['describe', `no ${EVIL}`],
      [`do ${EVIL}`, 'x'],
    ]) {
      const said = await lungnb(...args);
      expect(said, args[0]).toContain('␛');
      expect(said.match(OBEYED), args[0]).toBeNull();
    }
  });

  it('of a server’s answer is shown, too', async () => {
    const { port } = server.address() as AddressInfo;
    const said = await lungnb('describe', `http://127.0.0.1:${port}/studies/1.2`);
    expect(said).toContain('MR␛[2J');
    expect(said.match(OBEYED)).toBeNull();
  });
});

describe('the ways out', () => {
  const linesWith = (pattern: RegExp, files: string, but: string) =>
    globSync(files, { cwd: PROJECT })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file !== but && pattern.test(readFileSync(join(PROJECT, file), 'utf8')));

  it('to a terminal or a log are in one file of the kernel', () => {
    const out = /\bconsole\.|process\.std(out|err)\.write/;
    expect(linesWith(out, 'src/kernel/**/*.ts', 'src/kernel/terminal.ts')).toEqual([]);
  });

  it('to notifications make no links of what others wrote', () => {
    expect(harmless(`no [x](command:evil) ${EVIL.slice(0, 4)}`)).toBe('no [x] (command:evil) ␛[2J');
  });

  it('to notifications and the log of the extension are through what makes texts harmless', () => {
    const shown = /\.show(Error|Warning|Information)Message\b/;
    expect(linesWith(shown, 'src/extension/**/*.ts', 'src/extension/notify.ts')).toEqual([]);
    const logged = /#log\.append(Line)?\((?!visibleText\()/;
    expect(linesWith(logged, 'src/extension/**/*.ts', '')).toEqual([]);
  });
});
