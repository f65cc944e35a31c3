/** The keeper of the answers: at once, whole, and never over what is somebody else's. */
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ScoresKeeper } from '../../../src/extension/reading/scoresKeeper.ts';
import { formatScores, parseScores, ScoresFileError } from '../../../src/protocol/reading/scoresFile.ts';
import { withoutPrivileges } from '../../harness/privileges.ts';
import { caseRead, fileOf, given, sessionOf } from './scores.ts';

let folder: string;
let path: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-keeper-'));
  path = join(folder, 'reader3.scores.json');
  said = [];
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const open = () =>
  ScoresKeeper.open(path, 'reader3', {
    saved: (change) => said.push(`saved ${change}`),
    unsaved: (text) => said.push(text),
  });
const session = (value: number) => sessionOf({ read: [caseRead(1, [given('RLL', 'ggo', value)])] });
const onDisk = (name = 'reader3.scores.json') => parseScores(readFileSync(join(folder, name), 'utf8'), name);

it('writes each change at once, and the last of many that come together', async () => {
  const keeper = await open();
  for (let n = 0; n <= 4; n++) keeper.keep(session(n));
  await keeper.flush();
  expect(onDisk()).toEqual(fileOf(session(4)));
  expect(said.at(-1)).toBe('saved 5');
  expect(readdirSync(folder)).toEqual(['reader3.scores.json']);
});

it('takes up what is there, and leaves other sessions as they are', async () => {
  const first = sessionOf({ read: [caseRead(2, [])] });
  writeFileSync(path, formatScores(fileOf(first)));
  const keeper = await open();
  expect(keeper.session(1)).toEqual(first);
  expect(keeper.session(2)).toBeUndefined();
  keeper.keep(sessionOf({ session: 2 }));
  await keeper.flush();
  expect(onDisk()).toEqual(fileOf(first, sessionOf({ session: 2 })));
});

it('leaves a file that was changed elsewhere, and goes on in another one', async () => {
  const keeper = await open();
  keeper.keep(session(1));
  await keeper.flush();
  const theirs = formatScores(fileOf(session(3)));
  writeFileSync(path, theirs);
  keeper.keep(session(2));
  await keeper.flush();
  expect(readFileSync(path, 'utf8')).toBe(theirs);
  expect(onDisk('reader3-2.scores.json')).toEqual(fileOf(session(2)));
  expect(said.some((text) => text.includes('reader3-2.scores.json'))).toBe(true);
});

it('writes anew what was removed', async () => {
  const keeper = await open();
  keeper.keep(session(1));
  await keeper.flush();
  rmSync(path);
  keeper.keep(session(2));
  await keeper.flush();
  expect(onDisk()).toEqual(fileOf(session(2)));
});

it('keeps answers in memory where the folder can only be read, says so, and writes them when it can', async () => {
  const keeper = await open();
  chownSync(folder, process.getuid?.() === 0 ? 65534 : process.getuid!(), process.getgid!());
  chmodSync(folder, 0o555);
  await withoutPrivileges(async () => {
    keeper.keep(session(1));
    await keeper.flush();
  });
  expect(said).toEqual([expect.stringMatching(/not in the file yet.*could not be written/)]);
  chmodSync(folder, 0o755);
  keeper.keep(session(2));
  await keeper.flush();
  expect(onDisk()).toEqual(fileOf(session(2)));
});

it.each([
  ['cut short', (text: string) => text.slice(0, 100)],
  ['of a newer version', (text: string) => text.replace(': 1,', ': 7,')],
  ['another reader’s', (text: string) => text.replace('reader3', 'reader4')],
  ['foreign', () => 'patient,score\nP01,1\n'],
])('refuses a file that is %s, and leaves it', async (_, spoil) => {
  const text = spoil(formatScores(fileOf(session(1))));
  writeFileSync(path, text);
  await expect(open()).rejects.toThrow(ScoresFileError);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
