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
  ['00080021', 'DA', '20250608'],
  ['00080022', 'DA', '20250609'],
  ['00080023', 'DA', '20250610'],
  ['00080030', 'TM', '134257'],
  ['00080081', 'ST', 'Ward Street 9'],
  ['00080092', 'ST', 'Doctors Road 3'],
  ['00080094', 'SH', '+44-20-7946'],
  ['00081010', 'SH', 'STATION-77'],
  ['00081040', 'LO', 'Department Q'],
  ['00081048', 'PN', 'Record^Rita'],
  ['00081050', 'PN', 'Perform^Paul'],
  ['00081060', 'PN', 'Reader^Rose'],
  ['00081070', 'PN', 'Operate^Olga'],
  ['00081080', 'LO', 'Admitted for Doe'],
  ['00100032', 'TM', '071533'],
  ['00100050', 'LO', 'INSURER-5'],
  ['00101000', 'LO', 'OTHER-ID-6'],
  ['00101001', 'PN', 'Alias^Anna'],
  ['00101005', 'PN', 'Birth^Berta'],
  ['00101060', 'PN', 'Mother^Marta'],
  ['00101080', 'LO', 'Rank of Doe'],
  ['00101090', 'LO', 'LOCATOR-8'],
  ['00102000', 'LO', 'Alert for Doe'],
  ['00102110', 'LO', 'Allergy of Doe'],
  ['00102150', 'LO', 'Residence X'],
  ['00102154', 'SH', '+44-131-496'],
  ['00102160', 'SH', 'Ethnic Y'],
  ['00102180', 'SH', 'Occupation Z'],
  ['001021B0', 'LT', 'History of Doe'],
  ['001021F0', 'LO', 'Religion W'],
  ['00181000', 'LO', 'SERIAL-99'],
  ['00200010', 'SH', 'STUDYID-3'],
  ['00321032', 'PN', 'Request^Ralph'],
  ['00324000', 'LT', 'Study of Doe'],
  ['00380010', 'LO', 'ADMISSION-2'],
  ['00380300', 'LO', 'Bed 12 of Doe'],
  ['00400006', 'PN', 'Schedule^Sue'],
  ['00400253', 'SH', 'STEP-41'],
  ['4008010C', 'PN', 'Interpret^Ida'],
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
