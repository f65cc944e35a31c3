/** Documents for word processors: what is in their XML. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { layOut } from '../../../src/kernel/paper/columnWidths.ts';
import { notebookFile } from '../../../src/kernel/paper/notebookFile.ts';
import type { TableView } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const documentIn = (bytes: Uint8Array, part = 'word/document.xml') => strFromU8(unzipSync(bytes)[part]!);
const textOf = (xml: string) => [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, text]) => text).join('');
const paragraphs = (xml: string) => [...xml.matchAll(/<w:p>.*?<\/w:p>|<w:p .*?<\/w:p>/gs)].map(([own]) => textOf(own));
const rowsOf = (xml: string) =>
  [...xml.matchAll(/<w:tr>.*?<\/w:tr>/gs)].map(([row]) =>
    [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) => textOf(cell).replaceAll('\u00a0', ' ')),
  );

let notebook: TestSession;
beforeAll(() => {
  notebook = startSession();
  const scores = (shift: number) =>
    Array.from({ length: 12 }, (_, n) => `P${n},total,ggo,${(n + shift) % 4}\nP${n},total,reticulation,${n % 3}`);
  for (const [name, shift] of [
    ['a', 0],
    ['b', 1],
  ] as const)
    writeFileSync(join(notebook.folder, `${name}.csv`), `patient,region,class,score\n${scores(shift).join('\n')}\n`);
  writeFileSync(
    join(notebook.folder, 'registry.csv'),
    `patient,age,antibody\n${Array.from({ length: 12 }, (_, n) => `P${n},${50 + n / 7},${n % 2 ? 'Jo-1' : 'none'}`).join('\n')}\n`,
  );
});

async function exported(cell: string, file: string): Promise<Uint8Array> {
  const result = await notebook.run(cell);
  if (result.status !== 'done') throw new Error(result.problem?.message);
  return readFileSync(join(notebook.folder, file));
}

describe('a table that is exported to a word processor', () => {
  it('is the table as it was shown: title, headings, rounded numbers with their intervals, notes, methods, software', async () => {
    const bytes = await exported(
      'load "a.csv" as a\nload "b.csv" as b\nagree a with b weights linear as ag\nexport ag to "results/table4.docx"',
      'results/table4.docx',
    );
    const xml = documentIn(bytes);
    const [heading, first, ...others] = rowsOf(xml);
    expect(heading).toContain('ρ [95 % CI]');
    expect(first![0]).toBe('Ground-glass opacity');
    expect(first!.find((text) => /^[−\d.]+ \[[−\d.]+; [−\d.]+\]$/.test(text))).toBeDefined();
    expect(others).toHaveLength(1);
    const [caption, ...rest] = paragraphs(xml);
    expect(caption).toBe('Table 4. Agreement of a with b. n = 12.');
    expect(xml).toContain('SEQ Table \\* ARABIC \\r 4');
    const below = rest.join('\n');
    expect(below).toContain('In every row: Region Whole lungs; Weights linear.');
    expect(below).toMatch(/Methods\. .*Cohen’s κ with linear weights.*computed with LungNB/);
    // Headings repeat, rows stay whole, and what is broad lies.
    expect(xml.match(/<w:tblHeader\/>/g)).toHaveLength(1);
    expect(xml.match(/<w:cantSplit\/>/g)).toHaveLength(3);
    expect(xml).toContain('w:orient="landscape"');
    const footer = Object.keys(unzipSync(bytes)).find((name) => /footer\d+\.xml$/.test(name))!;
    expect(textOf(documentIn(bytes, footer))).toContain('Research only. Not a medical device');
  });

  it('is Table 1 with its groups, upright, its categories and numbers as they were shown', async () => {
    const xml = documentIn(
      await exported(
        'load "registry.csv" as registry\nsummarise registry by antibody as t1\nexport t1 to "who.docx"',
        'who.docx',
      ),
    );
    expect(rowsOf(xml)[0]).toEqual(['Characteristic', 'All (n 12)', 'none (n 6)', 'Jo-1 (n 6)']);
    expect(paragraphs(xml)[0]).toBe('Table 1. Summary of registry by antibody: 12 patients.');
    expect(xml).not.toContain('w:orient="landscape"');
  });

  it('is what a later statement made of it, and not what was shown before', async () => {
    const xml = documentIn(
      await exported('filter a where class == "ggo" as few\nexport few to "few.docx"', 'few.docx'),
    );
    expect(rowsOf(xml)).toHaveLength(13);
  });

  it('refuses a table that nobody reads on paper, with what to do', async () => {
    const long = Array.from({ length: 2001 }, (_, n) => `P${n},1`);
    writeFileSync(join(notebook.folder, 'long.csv'), `patient,ggo\n${long.join('\n')}\n`);
    const { problem } = await notebook.run('load "long.csv" as long\nexport long to "long.docx"');
    expect(problem).toMatchObject({ code: 'table-too-large', message: expect.stringContaining('.csv') });
  });
});

const TABLE: TableView = {
  type: 'table',
  title: 'A <b>& table\u0007',
  columns: [
    { name: 'patient', label: 'Patient', kind: 'text' },
    ...Array.from(
      { length: 60 },
      (_, n) => ({ name: `c${n}`, label: `column${n}`, kind: 'number', digits: 1 }) as const,
    ),
  ],
  rows: [1, 2].map((row) => [`P${row}`, ...Array.from({ length: 60 }, (_, n) => n + row / 3)]),
  totalRows: 2,
  notes: ['Of `ai`.'],
  messages: [],
  researchOnly: false,
};

describe('a notebook for a word processor', () => {
  const made = (cells: Parameters<typeof notebookFile>[0]['notebook']['cells']) =>
    notebookFile({ title: 'study', sheet: 'letter', notebook: { lungnb: 1, cells }, pictures: new Map() });

  it('has texts, tables and figures in their order, each kind counted by itself, and says which cell failed', async () => {
    const view = {
      type: 'figure',
      title: 'F',
      description: 'Twelve points.',
      data: [],
      layout: {},
      notes: [],
    } as const;
    const xml = documentIn(
      await made([
        { kind: 'markup', source: ['# Title', '', 'Some **bold** `code`', '', '- one', '- <script>two</script>'] },
        { kind: 'code', source: ['x'], outputs: [{ view: TABLE }, { view }, { view: TABLE }] },
        { kind: 'code', source: ['y'], outputs: [{ problem: { code: 'no-rows', message: 'Nothing is left.' } }] },
      ]),
    );
    const captions = paragraphs(xml).filter((text) => /^(Table|Figure) \d/.test(text));
    expect(captions.map((text) => text.slice(0, 9))).toEqual(['Table 1. ', 'Figure 1.', 'Table 2. ']);
    expect(xml).toContain('A &lt;b&gt;&amp; table␇.');
    const texts = paragraphs(xml);
    expect(texts.slice(0, 4)).toEqual(['Title', 'Some bold code', 'one', '&lt;script&gt;two&lt;/script&gt;']);
    expect(texts).toContain('[Twelve points.]');
    expect(texts).toContain('Cell 3 failed, and shows nothing: Nothing is left.');
    expect(xml).toContain('<w:pStyle w:val="Heading1"/>');
  });

  it('breaks a table that is broader than a sheet into parts, each behind the first column', async () => {
    const xml = documentIn(await made([{ kind: 'code', source: [], outputs: [{ view: TABLE }] }]));
    const headings = rowsOf(xml).filter(([first]) => first === 'Patient');
    expect(headings.length).toBeGreaterThan(1);
    expect(headings.flatMap(([, ...rest]) => rest)).toEqual(TABLE.columns.slice(1).map(({ label }) => label));
  });

  it('is the same file whenever it is written', async () => {
    const cells = [{ kind: 'code', source: [], outputs: [{ view: TABLE }] }] as const;
    vi.useFakeTimers({ toFake: ['Date'] });
    const files: Uint8Array[] = [];
    for (const day of ['2026-03-01', '2027-11-05']) {
      vi.setSystemTime(new Date(day));
      files.push(await made(cells));
    }
    vi.useRealTimers();
    expect(Buffer.compare(files[0]!, files[1]!)).toBe(0);
    // Not even in another zone of time is there a date in it.
    expect(documentIn(files[0]!, 'docProps/core.xml')).not.toMatch(/20\d\d-/);
  });

  it('names nobody as its author but the program', async () => {
    const core = documentIn(await made([]), 'docProps/core.xml');
    expect(core).toContain('<dc:creator>LungNB 0.1.0</dc:creator>');
    expect(core).toContain('<cp:lastModifiedBy>LungNB 0.1.0</cp:lastModifiedBy>');
  });
});

describe('the columns of a table', () => {
  const column = (heading: string, ...cells: string[]) => ({ heading, cells, isProse: false });

  it('are as broad as the text together, and none is narrower than its longest word', () => {
    const { isLandscape, size, widths } = layOut([column('Class', 'Ground-glass opacity'), column('n', '106')], 'a4');
    expect([isLandscape, size]).toEqual([false, 9]);
    // 170 mm in twips.
    expect(Math.abs(widths.reduce((a, b) => a + b, 0) - 9638)).toBeLessThan(3);
  });

  it('lie where they would be too small, and say where not even that is enough', () => {
    const many = (count: number) => Array.from({ length: count }, () => column('Agreement', '0.71'));
    expect(layOut(many(14), 'a4')).toMatchObject({ isLandscape: true, fits: true });
    expect(layOut(many(60), 'a4')).toMatchObject({ isLandscape: true, fits: false });
  });
});
