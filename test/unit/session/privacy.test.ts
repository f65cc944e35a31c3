/** No identifier of a patient may reach a saved notebook, its text, or a page made of it. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { htmlPage } from '../../../src/protocol/htmlPage.ts';
import { formatNotebook } from '../../../src/protocol/notebookFile.ts';
import { startSession } from '../../harness/session.ts';
import { asymmetricVolume, change, writeSeries } from '../ct/helpers.ts';

/** Tag, value representation and value of what must stay where it is (PS3.15 Annex E, basic profile). */
const IDENTIFIERS: readonly (readonly [tag: string, vr: string, value: string])[] = [
  ['00100010', 'PN', 'Doe^Jane'],
  ['00100020', 'LO', 'MRN-4711'],
  ['00100030', 'DA', '19510203'],
  ['00101040', 'LO', 'Elm Street 5'],
  ['00080050', 'SH', 'ACC-0815'],
  ['00080080', 'LO', 'General Hospital'],
  ['00080090', 'PN', 'Smith^John'],
  ['00080020', 'DA', '20250607'],
  ['00081030', 'LO', 'Thorax of Doe'],
  ['0008103E', 'LO', 'Series of Doe'],
  ['00181030', 'LO', 'Protocol of Doe'],
  ['00104000', 'LT', 'Comment on Doe'],
];

let said: string;

beforeAll(async () => {
  const { folder, run, outputs } = startSession({ modelFolders: [] });
  for (const file of writeSeries(join(folder, 'cohort', 'A01'), asymmetricVolume(24, 24)))
    change(file, (tags) => {
      for (const [tag, vr, value] of IDENTIFIERS) tags[tag] = { vr, Value: [value] };
    });
  const sources = ['load "cohort" as c', 'describe c', 'show c "A01"', 'show c "B01"', 'quantify c with "none" as ai'];
  const problems = [];
  for (const [n, source] of sources.entries()) problems.push(await run(source, String(n)));
  const cells = sources.map((source, n) => ({
    kind: 'code' as const,
    source: [source],
    outputs: outputs.filter(({ cellId }) => cellId === String(n)).map(({ view, text }) => ({ view, text })),
  }));
  const notebook = { lungnb: 1, cells };
  said = [formatNotebook(notebook), htmlPage(notebook, 'test', ''), JSON.stringify(problems)].join('\n');
});

describe('what a notebook keeps of a CT', () => {
  it('names the patient by the folder', () => {
    expect(said).toContain('A01');
    expect(said).toContain('"type": "slices"');
  });

  it.each(IDENTIFIERS)('leaves out %s %s %s', (_, __, value) => {
    for (const part of value.split('^')) expect(said).not.toContain(part);
  });

  it('leaves out every unique identifier of the files', () => {
    expect(said).not.toMatch(/\b\d+(\.\d+){6,}\b/);
  });
});
