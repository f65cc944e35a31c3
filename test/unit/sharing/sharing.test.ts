/** What leaves the user's hands: methods paragraph, identifiers, pseudonyms, and notebooks that git merges. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findIdentifiers,
  labelProblem,
  patientLabels,
  slicesKept,
} from '../../../src/extension/sharing/identifiers.ts';
import { parsePseudonymTable, pseudonymTable, withPseudonyms } from '../../../src/extension/sharing/pseudonyms.ts';
import type { Annotation, Annotations } from '../../../src/protocol/annotations/annotation.ts';
import { methodsParagraph } from '../../../src/protocol/methods/methods.ts';
import type { Notebook } from '../../../src/protocol/notebook.ts';
import { collectProvenance, formatNotebook, parseNotebook } from '../../../src/protocol/notebookFile.ts';
import type { Provenance, SliceView, TableView } from '../../../src/protocol/view.ts';
import { pseudonymsFor } from '../../../src/protocol/views/pseudonyms.ts';

const model = (id: string) => ({ id, version: '0.4.0', sha256: '0123456789abcdef', licence: 'MIT' });
const provenance = (parameters: Provenance['parameters'] = {}): Provenance => ({
  software: 'LungNB 0.1.0',
  models: [model('lung-lobes'), model('lung-texture')],
  inputs: { 'Meier, Anna/series-1': 'aa', 'P02/series-1': 'bb', 'P02/series-2': 'cc', 'reader1.csv': 'dd' },
  parameters,
});
const table: TableView = {
  type: 'table',
  title: 'Meier, Anna and P02',
  columns: [
    { name: 'patient', label: 'Patient', kind: 'text' },
    { name: 'BirthDate', label: 'BirthDate', kind: 'text' },
  ],
  rows: [
    ['Meier, Anna', null],
    ['P02', null],
    ['P021', null],
  ],
  totalRows: 3,
  notes: [],
  messages: [],
  researchOnly: true,
  provenance: provenance(),
};
const notebook: Notebook = {
  lungnb: 1,
  cells: [
    { kind: 'markup', source: ['P02 is odd; ask anna.meier@clinic.example'] },
    {
      kind: 'code',
      source: ['load "/home/anna/cts" as table', 'show table "P02" overlay table'],
      outputs: [
        { view: table, text: 'Meier, Anna  P02' },
        { view: { type: 'slices', patient: 'P02', slices: [{ hu: 'A+P02/' }, {}] } as unknown as SliceView },
      ],
    },
  ],
  provenance: provenance(),
};

describe('the methods paragraph', () => {
  it('says data, networks, cut points, statistics with their variants, and software', () => {
    const text = methodsParagraph([
      provenance({ deciding: ['honeycombing at 0.6', 'minimum 0.1 ml'] }),
      provenance({ cutPoints: [1, 25, 50, 75], weights: 'linear', ci: 'asymptotic' }),
      provenance({ cutPoints: [5, 20], weights: 'none', ci: 'bootstrap', repetitions: 2000, seed: 7 }),
    ]);
    expect(text).toContain('2 patients (3 series)');
    expect(text).toContain('lung-lobes 0.4.0 (SHA-256 0123456789ab…, MIT)');
    expect(text).toContain('honeycombing at 0.6 and minimum 0.1 ml');
    expect(text).toContain('1, 25, 50 and 75 %');
    expect(text).toContain('Cohen’s κ with linear weights and without weights');
    expect(text).toContain('from 1 table.');
    expect(text).toContain('percentile bootstrap over patients (2000 resamples, seed 7)');
    expect(text).toContain('LungNB 0.1.0');
    // Nothing that says who they are.
    expect(text).not.toMatch(/Meier|P02|reader1/);
  });

  it('is none where nothing was done, and says nothing of what was not', () => {
    expect(methodsParagraph([])).toBeUndefined();
    expect(methodsParagraph([{ ...provenance(), models: [], inputs: { 'a.csv': 'x' } }])).toBe(
      'Values were read from 1 table. All of this was computed with LungNB 0.1.0, which is for research only and not a medical device.',
    );
  });

  it('tells who was left out and what was derived, but names no patient', () => {
    const text = methodsParagraph([
      provenance({ leftOut: ['1 of 107 patients: half segmented', '2 of 106 patients: not: patient != "P02"'] }),
      provenance({ where: ['region == "RLL"', 'patient == "P02"'], derived: ['fibrosis = reticulation + 1'] }),
    ]);
    expect(text).toContain(
      'left out as follows: 1 of 107 patients: half segmented; 2 of 106 patients: chosen one by one.',
    );
    expect(text).toContain('Rows were selected by “region == "RLL"”.');
    expect(text).toContain('Derived from the other extents: fibrosis = reticulation + 1.');
    expect(text).not.toContain('P02');
  });

  it('names what several readers, differences and repeated scans need', () => {
    const text = methodsParagraph([
      provenance({ weights: 'none', ci: 'bca', repetitions: 500, seed: 3, pooling: 'lobes' }),
      provenance({ weights: 'none', ci: 'bca', difference: 'paired bootstrap', repetitions: 900, seed: 4 }),
      provenance({ weights: 'none', readings: 3 }),
      provenance({ weights: 'none', ci: 'bca', repetitions: 500, seed: 3, limitsOfAgreement: true, statistics: 'all' }),
    ]);
    expect(text).toContain('bias-corrected and accelerated bootstrap over patients (500 resamples, seed 3)');
    expect(text).toContain('paired bootstrap over patients (900 resamples, seed 4)');
    expect(text).toContain('Of 3 readings together, Fleiss’ κ');
    expect(text).toContain('limits of agreement of Bland and Altman');
    expect(text).toContain('Holm’s method and by that of Benjamini and Hochberg');
    expect(text).toContain('five lobes were pooled');
  });
});

describe('the check before sharing', () => {
  it.each([
    ['Meier, Anna', /name/],
    ['MEIER^ANNA', /name/],
    ['Anna Meier', /name/],
    ['19570312', /date/],
    ['P01 12.03.1957', /date/],
    ['00482913', /number/],
    ['MR4829131', /number/],
    ['ILD_19570312', /date/],
    ['12031957', /date/],
    ['Meier_Anna', /name/],
    ['meier, anna', /name/],
  ])('doubts the label %s', (label, kind) => {
    expect(labelProblem(label)).toMatch(kind);
  });

  it.each(['P01', 'case-7', 'ILD_0042', 'LUNG1-001', 'patient 3', 'A', '12345'])('has nothing against %s', (label) => {
    expect(labelProblem(label)).toBeUndefined();
  });

  it('finds names, telling columns, paths and addresses, each with its cell', () => {
    const found = findIdentifiers(notebook).map(({ what, cell }) => `${cell} ${what}`);
    expect(found).toEqual(['1 anna.meier@clinic.example', '2 Meier, Anna', '2 BirthDate', '2 /home/anna/cts']);
    const inCode = { kind: 'code', source: ['exclude "A1", "Roe, Jane" from t because "x" as k'] } as const;
    const inText = { kind: 'markup', source: ['born 3.4.1951; (0010,0010) PatientName in D:\\ct\\roe'] } as const;
    const more: Notebook = { lungnb: 1, cells: [inCode, inText] };
    expect(findIdentifiers(more).map(({ what, cell }) => `${cell} ${what}`)).toEqual([
      '1 Roe, Jane',
      '2 D:\\ct\\roe',
      '2 (0010,0010)',
      '2 PatientName',
      '2 3.4.1951',
    ]);
    expect(patientLabels(more)).toEqual(['A1', 'Roe, Jane']);
    expect(patientLabels(notebook)).toEqual(['Meier, Anna', 'P02', 'P021']);
    expect(slicesKept(notebook)).toBe(2);
  });
});

describe('pseudonyms', () => {
  it('take the place of every label as a whole word, and of nothing else', () => {
    const pseudonyms = pseudonymsFor(patientLabels(notebook));
    expect([...pseudonyms.values()]).toEqual(['P001', 'P002', 'P003']);
    const replaced = withPseudonyms(notebook, pseudonyms);
    const text = formatNotebook(replaced);
    expect(text).not.toMatch(/Meier, Anna|"P02"|P021/);
    expect(replaced.cells[1]?.source).toEqual(['load "/home/anna/cts" as table', 'show table "P002" overlay table']);
    expect(Object.keys(replaced.provenance!.inputs)).toEqual([
      'P001/series-1',
      'P002/series-1',
      'P002/series-2',
      'reader1.csv',
    ]);
    const slices = replaced.cells[1]?.outputs?.[1]?.view as SliceView;
    expect([slices.type, slices.patient, slices.slices[0]?.hu]).toEqual(['slices', 'P002', 'A+P02/']);
    expect(parseNotebook(text)).toEqual(parseNotebook(formatNotebook(replaced)));
  });

  it('keep a notebook readable whatever the labels are', () => {
    const label = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('table', 'type', 'rows', 'P001', 'patient', '$&', 'a.b'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const rows = labels.map((own) => [own, null]);
        const own: Notebook = {
          ...notebook,
          cells: [{ kind: 'code', source: [], outputs: [{ view: { ...table, rows } }] }],
        };
        const pseudonyms = pseudonymsFor(labels);
        const view = parseNotebook(formatNotebook(withPseudonyms(own, pseudonyms))).cells[0]?.outputs?.[0]
          ?.view as TableView;
        expect(view.type).toBe('table');
        expect(view.columns.map(({ name }) => name)).toEqual(['patient', 'BirthDate']);
        expect(new Set(pseudonyms.values()).size).toBe(labels.length);
      }),
    );
  });

  it('have a table of who is who that other programs read', () => {
    const table = new Map([['Meier, "A"', 'P001']]);
    expect(pseudonymTable(table)).toBe('label,pseudonym\n"Meier, ""A""","P001"\n');
    expect(parsePseudonymTable(pseudonymTable(table))).toEqual(table);
    expect(parsePseudonymTable('patient,score\n1,2\n')).toBeUndefined();
  });

  it('are the same in another notebook by the same table, and never given twice', () => {
    const first = pseudonymsFor(['b', 'a10', 'a9']);
    expect([...first]).toEqual([
      ['a9', 'P001'],
      ['a10', 'P002'],
      ['b', 'P003'],
    ]);
    const second = pseudonymsFor(['c', 'b'], first);
    expect([second.get('b'), second.get('c')]).toEqual(['P003', 'P004']);
  });

  it('take the place of bare numbers where patients stand, and leave counts alone', () => {
    const numbered: Notebook = {
      lungnb: 1,
      cells: [
        {
          kind: 'code',
          source: ['exclude "2" from t because "2 nodules" as k', 'score t at 1, 2 as s'],
          outputs: [
            {
              view: {
                ...table,
                title: '2 rows',
                columns: [table.columns[0]!, { name: 'score', label: 'Score', kind: 'number' }],
                rows: [
                  [1, 2],
                  ['2', 1],
                ],
                provenance: { ...provenance(), inputs: { '2/series-1': 'aa' } },
              },
              text: '1  2\n2  1',
            },
          ],
        },
      ],
    };
    const labels = patientLabels(numbered);
    expect(labels).toEqual(['1', '2']);
    const [cell] = withPseudonyms(numbered, pseudonymsFor(labels)).cells;
    const view = cell?.outputs?.[0]?.view as TableView;
    expect(cell?.source).toEqual(['exclude "P002" from t because "2 nodules" as k', 'score t at 1, 2 as s']);
    expect(view.rows).toEqual([
      ['P001', 2],
      ['P002', 1],
    ]);
    expect([view.title, Object.keys(view.provenance!.inputs)]).toEqual(['2 rows', ['P002/series-1']]);
    expect(cell?.outputs?.[0]?.text).toBeUndefined();
  });
});

const ruler = (patient: string, name: string): Annotation => ({
  id: `${patient} ${name}`,
  patient,
  series: 'series-1',
  name,
  shape: 'ruler',
  plane: 'axial',
  index: 1,
  points: [
    [1, 2],
    [3, 4],
  ],
});

describe('what is drawn on slices', () => {
  const slice = {
    plane: 'axial',
    index: 1,
    width: 1,
    height: 1,
    pixelWidthMm: 1,
    pixelHeightMm: 1,
    hu: 'P02/',
  } as const;
  const annotations: Annotations = {
    drawn: [ruler('P02', 'nodule of P02, see 12.03.2019'), ruler('Meier, Anna', '1')],
    slices: [{ patient: 'P02', series: 'series-1', slice }],
  };
  const drawnOn: Notebook = { lungnb: 1, cells: [], annotations };

  it('is looked through for identifiers, and its slices are counted', () => {
    expect(findIdentifiers(drawnOn)).toEqual([
      { kind: 'A date, as of a birth or an examination', what: '12.03.2019' },
      { kind: 'A label that looks like a name', what: 'Meier, Anna' },
    ]);
    expect(patientLabels(drawnOn)).toEqual(['P02', 'Meier, Anna']);
    expect(slicesKept(drawnOn)).toBe(1);
  });

  it('has the pseudonyms of its patients, in its names too, and no picture is touched', () => {
    const pseudonyms = new Map([
      ['P02', 'P001'],
      ['Meier, Anna', 'P002'],
    ]);
    const { drawn, slices } = withPseudonyms(drawnOn, pseudonyms).annotations!;
    expect(drawn.map(({ patient, name }) => [patient, name])).toEqual([
      ['P001', 'nodule of P001, see 12.03.2019'],
      ['P002', '1'],
    ]);
    expect(drawn[0]!.points).toEqual(annotations.drawn[0]!.points);
    expect(slices).toEqual([{ patient: 'P001', series: 'series-1', slice }]);
  });
});

describe('a notebook in git', () => {
  let folder: string;
  const file = () => join(folder, 'study.lungnb');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder, stdio: 'pipe' });
  /** Three cells that ran; a changed one has read another file at other cut points, and shows another table. */
  const write = (changed: Readonly<Record<number, string>>) => {
    const cells = [0, 1, 2].map((n) => {
      const name = changed[n] ?? `r${n}`;
      const own = { inputs: { [`${name}.csv`]: name }, parameters: { cutPoints: [n + 1, name.length * 10] } };
      const view: TableView = { ...table, title: name, rows: [[name, null]], provenance: { ...provenance(), ...own } };
      return { kind: 'code', source: [`load "${name}.csv" as r${n}`], outputs: [{ view, text: name }] } as const;
    });
    const whole = collectProvenance(cells);
    writeFileSync(file(), formatNotebook({ lungnb: 1, cells, ...(whole ? { provenance: whole } : {}) }));
  };
  const change = (branch: string, changed: Readonly<Record<number, string>>) => {
    git('checkout', '-q', ...(branch === 'main' ? ['main'] : ['-b', branch]));
    write(changed);
    git('commit', '-qam', branch);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lungnb-git-'));
    git('init', '-q', '-b', 'main');
    write({});
    git('add', '.');
    git('commit', '-qm', 'first');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is merged where two people changed two cells and ran them', () => {
    change('hers', { 0: 'a-long-name' });
    change('main', { 2: 'x' });
    git('merge', '-q', 'hers');
    const merged = parseNotebook(readFileSync(file(), 'utf8'));
    expect(merged.cells.map(({ outputs }) => outputs?.[0]?.text)).toEqual(['a-long-name', 'r1', 'x']);
    expect(Object.keys(merged.provenance!.inputs)).toEqual(['a-long-name.csv', 'r1.csv', 'x.csv']);
    expect(formatNotebook(merged)).toBe(readFileSync(file(), 'utf8'));
  });

  it('is merged where two people drew on two patients’ slices', () => {
    const draw = (branch: string, ...drawn: Annotation[]) => {
      if (branch !== 'main') git('checkout', '-q', '-b', branch);
      else git('checkout', '-q', 'main');
      writeFileSync(file(), formatNotebook({ lungnb: 1, cells: [], annotations: { drawn, slices: [] } }));
      git('commit', '-qam', branch);
    };
    draw('base', ruler('P02', 'a'), ruler('P05', 'b'));
    git('branch', '-f', 'main', 'base');
    draw('hers', ruler('P01', 'hers'), ruler('P02', 'a'), ruler('P05', 'b'));
    draw('main', ruler('P02', 'a'), ruler('P05', 'b'), ruler('P07', 'his'));
    git('merge', '-q', 'hers');
    const merged = parseNotebook(readFileSync(file(), 'utf8'));
    expect(merged.annotations!.drawn.map(({ name }) => name)).toEqual(['hers', 'a', 'b', 'his']);
  });

  it('that both changed in one cell is refused with its reason, and left as git wrote it', () => {
    change('hers', { 1: 'a' });
    change('main', { 1: 'b' });
    const merge = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'merge', 'hers'], { cwd: folder });
    expect([merge.status, String(merge.stdout)]).toEqual([1, expect.stringContaining('conflict in study.lungnb')]);
    const text = readFileSync(file(), 'utf8');
    expect(() => parseNotebook(text)).toThrow(/unresolved merge conflicts/);
  });
});
