/**
 * Names of files and folders below the patient's folder, and of folders above the notebook, may say who a patient is and
 * whose computer it is. Each is planted with one word, every error is provoked, and the word is looked for in whatever can
 * be saved. The screen, and it alone, has the full names.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import dcmjs from 'dcmjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { valueJson } from '../../../src/kernel/values/valueJson.ts';
import { htmlPage } from '../../../src/protocol/htmlPage.ts';
import type { CellRemark } from '../../../src/protocol/kernelApi.ts';
import type { NotebookOutput } from '../../../src/protocol/notebook.ts';
import { collectProvenance, formatNotebook } from '../../../src/protocol/notebookFile.ts';
import { startSession } from '../../harness/session.ts';
import { asymmetricVolume, change, TAG, temporaryFolder, writeSeries, writeZip } from '../ct/helpers.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;
const FIXTURES = join(import.meta.dirname, '../../fixtures/models');
/** The planted word. */
const NAME = /roe/i;

let temporary: string;
let home: string;
let study: string;
let screen: readonly string[];
let saved: Record<string, string> = {};
let problems: CellRemark[] = [];

/** A CT whose files and their folder are called after the patient. */
function writeNamed(folder: string, patientId: string): string[] {
  mkdirSync(folder, { recursive: true });
  return writeSeries(folder, asymmetricVolume(24, 24), patientId).map((file) => {
    const named = join(folder, `Roe^Jane ${basename(file)}`);
    renameSync(file, named);
    return named;
  });
}

function writeCohort(): void {
  const cohort = join(study, 'cohort');
  const files = writeNamed(join(cohort, 'A01', 'Roe Jane 1951'), 'ID-1');
  truncateSync(files[3]!, 300);
  truncateSync(files[4]!, 3000);
  writeFileSync(files[5]!, '');
  rmSync(files[9]!);
  writeFileSync(join(cohort, 'A01', 'letter to Roe.pdf'), '%PDF-1.4');
  writeFileSync(join(cohort, 'A01', 'Roe.nii.gz'), 'no nifti');
  writeFileSync(join(cohort, 'A01', 'Roe damaged.zip'), Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(99)]));
  writeFileSync(
    join(cohort, 'A01', 'Roe header.mhd'),
    'ObjectType = Image\nNDims = 3\nDimSize = 5 5 30\nElementType = MET_SHORT\nElementDataFile = Roe.raw\n',
  );
  symlinkSync(join(cohort, 'gone', 'Roe'), join(cohort, 'A01', 'Roe link'));
  mkdirSync(join(cohort, 'A01', 'Roe locked'));
  const twin = writeNamed(join(cohort, 'A02', 'Roe'), 'ID-2');
  cpSync(twin[2]!, join(dirname(twin[2]!), 'copy of Roe.dcm'));
  for (const file of twin.slice(4, 6))
    change(file, (tags) => {
      tags[TAG.orientation] = { vr: 'DS', Value: [1, 0, 0, 0, 0, -1] };
    });
  // Whole but for the bytes of one slice, which only reading it tells.
  const inZip = writeNamed(join(temporary, 'packed', 'Roe'), 'ID-3');
  writeFileSync(inZip[1]!, readFileSync(inZip[1]!).subarray(0, 200));
  writeZip(join(cohort, 'A03.zip'), inZip, join(temporary, 'packed'));
  const mr = writeNamed(join(cohort, 'A04', 'Roe'), 'ID-4');
  for (const file of mr)
    change(file, (tags) => {
      tags[TAG.modality] = { vr: 'CS', Value: ['MR'] };
    });
  const records = [
    { DirectoryRecordType: 'IMAGE', ReferencedFileID: ['ROE', 'IM1'] },
    { DirectoryRecordType: 'IMAGE', ReferencedFileID: ['ROE', 'copy of Roe.dcm'] },
  ];
  const meta = { MediaStorageSOPClassUID: '1.2.840.10008.1.3.10', TransferSyntaxUID: '1.2.840.10008.1.2.1' };
  const directory = new DicomDict(DicomMetaDictionary.denaturalizeDataset(meta));
  directory.dict = DicomMetaDictionary.denaturalizeDataset({ _vrMap: {}, DirectoryRecordSequence: records });
  writeFileSync(join(cohort, 'A02', 'DICOMDIR'), Buffer.from(directory.write()));
  // Two folders of one person.
  for (const n of [1, 2]) writeNamed(join(study, 'same', `Roe ${n}`), 'ID-9');
  mkdirSync(join(study, 'locked', 'Roe'), { recursive: true });
}

function writeTables(): void {
  const rows = [
    `B01,cohort/A02`,
    `B02,${join(study, 'cohort/A01/Roe missing')}`,
    `B03,${join(study, 'cohort/A01')}`,
    'B04,cohort/A04',
  ];
  writeFileSync(join(study, 'manifest.csv'), ['patient,path', ...rows].join('\n'));
  writeFileSync(join(study, 'only.csv'), 'patient,path\nB04,cohort/A04');
  writeFileSync(join(study, 'bad.json'), '[{"patient": "Roe", "ggo": Roe}]');
  writeFileSync(join(study, 'bad.parquet'), 'PAR1 Roe');
  writeFileSync(join(study, 'reader.csv'), 'patient,ggo\nP1,0\nP2,1\nP3,2\n');
  mkdirSync(join(study, 'taken.csv'));
  mkdirSync(join(study, 'empty'));
}

function writeModels(): void {
  const models = join(home, 'models of Roe');
  cpSync(FIXTURES, models, { recursive: true });
  mkdirSync(join(models, 'broken'));
  writeFileSync(join(models, 'broken', 'manifest.json'), '{"id": "Roe');
  mkdirSync(join(models, 'unfit'));
  writeFileSync(join(models, 'unfit', 'manifest.json'), '{}');
  const lobes = JSON.parse(readFileSync(join(models, 'tiny-lobes', 'manifest.json'), 'utf8'));
  cpSync(join(models, 'tiny-lobes'), join(models, 'lung-lobes'), { recursive: true });
  writeFileSync(join(models, 'lung-lobes', 'manifest.json'), JSON.stringify({ ...lobes, id: 'lung-lobes' }));
  const manifest = JSON.parse(readFileSync(join(models, 'tiny-textures', 'manifest.json'), 'utf8'));
  for (const [id, more] of [
    ['no-weights', { file: 'roe.onnx' }],
    ['no-network', { sha256: createHash('sha256').update('Roe').digest('hex') }],
    ['other-hash', { sha256: '0'.repeat(64) }],
  ] as const) {
    cpSync(join(models, 'tiny-textures'), join(models, id), { recursive: true });
    writeFileSync(join(models, id, 'manifest.json'), JSON.stringify({ ...manifest, id, ...more }));
    if (id === 'no-network') writeFileSync(join(models, id, manifest.file), 'Roe');
  }
}

/** Folders that root may not open either, since root is nobody meanwhile. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const locked = [join(study, 'cohort/A01/Roe locked'), join(study, 'locked/Roe')];
  for (const folder of locked) chmodSync(folder, 0);
  const isRoot = process.getuid?.() === 0 && process.seteuid !== undefined;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const folder of locked) chmodSync(folder, 0o755);
  }
}

const CELLS = [
  'load "cohort" as c',
  'describe c',
  'flow c',
  'show c "A02"',
  'load "manifest.csv" as m',
  'load "only.csv" as o',
  'load "same" as s',
  'load "cohort/.." as up',
  'load "same/../empty/." as e',
  'load "locked" as l',
  'load "nowhere" as n',
  'load "bad.json" as j',
  'load "bad.parquet" as p',
  'load "reader.csv" as r',
  'export r to "taken.csv"',
  'export r to "reader.csv/x.csv"',
  ...['none', 'broken', 'unfit', 'no-weights', 'other-hash', 'no-network'].map((id) => `quantify m with "${id}" as ai`),
  'quantify m with "tiny-textures" as ai',
  // A slice that vanishes between finding and showing it.
  'show c "A03"',
  'describe r',
];
const VANISHED = CELLS.indexOf('show c "A03"');
/** Those that meet folders that may not be opened. */
const LOCKED = ['load "cohort" as c', 'load "locked" as l'].map((cell) => CELLS.indexOf(cell));
const BUG = CELLS.indexOf('describe r');

beforeAll(async () => {
  temporary = temporaryFolder();
  home = join(temporary, 'home', 'dr roe');
  study = join(home, 'study of Roe');
  mkdirSync(study, { recursive: true });
  writeCohort();
  writeTables();
  writeModels();
  for (const folder of [temporary, join(temporary, 'cache')]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
  }
  let isBroken = false;
  const started = startSession({
    notebookFolder: study,
    cacheFolder: join(temporary, 'cache'),
    modelFolders: [join(home, 'models of Roe')],
    events: {
      output: () => {
        if (isBroken) throw new TypeError(`cannot use ${join(home, 'x')} of Roe`);
      },
    },
  });
  const { session, outputs } = started;
  ({ screen } = started);
  const found = new Map<number, CellRemark>();
  const run = async (n: number) => {
    const { problem } = await started.run(CELLS[n]!, String(n));
    if (problem) found.set(n, problem);
  };
  await asNobody(async () => {
    for (const n of LOCKED) await run(n);
  });
  for (const n of CELLS.keys()) {
    if (LOCKED.includes(n)) continue;
    if (n === VANISHED) rmSync(join(study, 'cohort/A03.zip'));
    isBroken = n === BUG;
    await run(n);
  }
  const values = [...session.names()].map(([name, value]) => [name, valueJson(value)]);
  const cells = CELLS.map((source, n) => {
    const own: NotebookOutput[] = outputs
      .filter(({ cellId }) => cellId === String(n))
      .map(({ view, text }) => ({ view, text }));
    const problem = found.get(n);
    return { kind: 'code' as const, source: [source], outputs: problem ? [...own, { problem }] : own };
  });
  const provenance = collectProvenance(cells);
  const notebook = { lungnb: 1, cells, ...(provenance ? { provenance } : {}) };
  problems = [...found.values()];
  saved = {
    notebook: formatNotebook(notebook),
    page: htmlPage(notebook, 'test', ''),
    text: outputs.map(({ text }) => text).join('\n'),
    problems: JSON.stringify(problems),
    results: JSON.stringify(values),
  };
}, 120_000);
afterAll(() => rmSync(temporary, { recursive: true }));

describe('names of files and folders', () => {
  it('are provoked by every kind of error', () => {
    const codes = new Set([
      ...problems.map(({ code }) => code),
      ...[...saved.notebook!.matchAll(/"code": "([\w-]+)"/g)].map(([, code]) => code),
    ]);
    for (const code of [
      'no-ct',
      'empty-folder',
      'path-missing',
      'bad-table',
      'cannot-write',
      'model-missing',
      'model-manifest',
      'model-hash',
      'internal',
      'model-onnx',
    ])
      expect([...codes], code).toContain(code);
    for (const words of [
      /A01, file \d+ cannot be read as a zip file/,
      /is a header alone/,
      /files are no DICOM|file is no DICOM/,
      /named like an image/,
      /modality is MR/,
      /2 folders have the same PatientID/,
      /twice; one of each is used/,
      /A folder or link of A01 cannot be opened \(ENOENT\)/,
      /A folder or link of A01 cannot be opened \(EACCES\)/,
      /that the DICOMDIR lists/,
    ])
      expect(saved.notebook).toMatch(words);
  });

  it.each(['notebook', 'page', 'text', 'problems', 'results'])('are not in the %s', (form) => {
    const text = saved[form]!;
    expect(text.length).toBeGreaterThan(100);
    expect(text.match(new RegExp(`.{0,80}${NAME.source}.{0,80}`, 'gi')) ?? []).toEqual([]);
    expect(text).not.toContain(temporary);
    expect(text).not.toMatch(/\uE000|\uE001/);
  });

  it('are on the screen, with the words that stand for them', () => {
    const shown = screen.join('\n');
    expect(shown).toContain(join(study, 'cohort/A01/Roe damaged.zip'));
    expect(shown).toMatch(/A01, file \d+: .*Roe damaged\.zip/);
    expect(shown).toContain(join(home, 'models of Roe', 'broken', 'manifest.json'));
    expect(shown).toContain(join(study, 'cohort/A01/Roe locked'));
    expect(shown).toContain('cannot use');
  });

  it('give a bug its functions without folders', () => {
    const bug = problems.find(({ message }) => message.includes('TypeError'));
    expect(problems.filter(({ code }) => code === 'internal')).toEqual([bug]);
    expect(bug?.details).toMatch(/runner\.ts:\d+:\d+/);
    expect(bug?.details).not.toContain('/');
  });
});

describe('a slice that vanished', () => {
  it('is told by patient, series and number, and its name is known to the screen', async () => {
    const folder = join(temporary, 'vanishing', 'P01', 'Roe');
    const files = writeNamed(folder, 'ID-1');
    const { patients } = await discoverCohort(join(temporary, 'vanishing'), unattended);
    rmSync(files[6]!);
    const error = await readSeries(patients[0]!.series[0]!, unattended).catch((thrown) => thrown);
    expect(error.message).toBe(
      'P01, series-1, file 7 cannot be decoded: it is not there. Copy or export it again, or remove it to go on without it.',
    );
    const { namesBehind } = await import('../../../src/kernel/base/fileNames.ts');
    expect(namesBehind(error.message)).toEqual([`P01, series-1, file 7: ${files[6]}`]);
  });
});
