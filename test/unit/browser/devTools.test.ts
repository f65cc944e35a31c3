/** Programs that are no browser, in the place of one. */
import { chmodSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { withBrowserPage } from '../../../src/kernel/browser/devTools.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-no-browser-'));
  // Of the browser's profile.
  vi.stubEnv('TMPDIR', folder);
});

/** What is left in the folder, and the failure. */
async function opened(script: string) {
  const program = join(folder, 'program');
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const failure = await withBrowserPage(program, {}, async () => {}).catch((error: unknown) => error);
  return { failure, left: readdirSync(folder) };
}

/** Answers everything with the same, and ends when it is told to open a page. */
const CRASHES = `#!${process.execPath}
const { Socket } = require('node:net');
const output = new Socket({ fd: 4 });
new Socket({ fd: 3 }).on('data', (chunk) => {
  for (const text of chunk.toString().split('\\0').filter(Boolean)) {
    const { id, method } = JSON.parse(text);
    output.write(JSON.stringify({ id, result: { targetId: 't', sessionId: 's' } }) + '\\0');
    if (method === 'Page.navigate') setTimeout(() => process.exit(1), 50);
  }
});
`;

// Scripts that a shell runs.
describe.skipIf(process.platform === 'win32')('a program in the place of a browser', () => {
  it.each([
    ['ends', '#!/bin/sh\nexit 1\n', /ended by itself/],
    ['answers what is no message', "#!/bin/sh\nprintf 'hello\\000' >&4; cat >&4 <&3\n", /answers what no browser does/],
    ['answers by a number', "#!/bin/sh\nprintf '7\\000' >&4; cat >&4 <&3\n", /answers what no browser does/],
    ['crashes while its page is awaited', CRASHES, /ended by itself/],
  ])('that %s fails with a message, and nothing is left of it', async (_, script, message) => {
    expect(await opened(script)).toEqual({
      failure: expect.objectContaining({ code: 'browser-failed', message: expect.stringMatching(message) }),
      left: ['program'],
    });
  });
});
