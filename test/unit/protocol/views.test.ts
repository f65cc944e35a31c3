/** Every kind of view answers for every text in it: what may name a patient, and how that is replaced. */
import { describe, expect, it } from 'vitest';
import { findIdentifiers, patientLabels, slicesKept } from '../../../src/extension/sharing/identifiers.ts';
import { withPseudonyms } from '../../../src/extension/sharing/pseudonyms.ts';
import type { CellRemark } from '../../../src/protocol/kernelApi.ts';
import type { Notebook } from '../../../src/protocol/notebook.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { Provenance, ViewModel } from '../../../src/protocol/view.ts';
import { plainText } from '../../../src/protocol/views/index.ts';
import { pseudonymsFor } from '../../../src/protocol/views/pseudonyms.ts';

const provenance: Provenance = {
  software: 'LungNB',
  models: [{ id: 'lung-lobes', version: '1', sha256: 'ab', licence: 'MIT' }],
  inputs: { 'Q01/series-1': 'aa', 'scores.csv': 'bb' },
  parameters: { where: ['expression'], setting: 'text' },
};
const flag: SeriesRemark = {
  patient: 'Q01',
  series: 'series-1',
  severity: 'warning',
  code: 'asymmetry',
  message: 'message',
};

/** One of each kind, with all that it may have. */
const VIEWS: { readonly [T in ViewModel['type']]: Extract<ViewModel, { type: T }> } = {
  table: {
    type: 'table',
    title: 'title',
    columns: [
      { name: 'Patient', label: 'Patient', kind: 'text' },
      { name: 'other', label: 'label', kind: 'text', unit: 'unit', description: 'description' },
    ],
    rows: [['Q01', 'cell']],
    totalRows: 1,
    notes: ['note'],
    messages: [{ severity: 'info', text: 'text', patients: ['Q02'] }],
    researchOnly: true,
    handle: 'handle',
    provenance,
  },
  figure: {
    type: 'figure',
    title: 'title',
    description: 'description',
    data: [
      { type: 'scatter', name: 'trace', text: ['text'], x: ['category'], y: [1], customdata: [['Q01', 1, 2]] },
      { type: 'box', hovertemplate: 'template', meta: { panel: 0 } },
    ],
    layout: {
      title: { text: 'heading' },
      annotations: [{ text: 'annotation', xref: 'paper' }],
      xaxis: { anchor: 'y' },
    },
    patients: {
      handle: 'handle',
      names: { left: 'left', right: 'right' },
      panels: [
        {
          class: 'own',
          region: 'total',
          rows: [{ patient: 'Q01', lobe: 'RUL', left: 1, right: 2, leftCategory: 1, rightCategory: 1 }],
        },
      ],
    },
    notes: ['note'],
    provenance,
  },
  slices: {
    type: 'slices',
    title: 'Q01, series-1',
    patient: 'Q01',
    series: 'series-1',
    handle: 'handle',
    sliceCounts: { axial: 3, coronal: 3, sagittal: 3 },
    plane: 'axial',
    index: 1,
    window: { centre: 0, width: 1 },
    overlay: true,
    facts: [{ name: 'Scanner', value: 'value' }],
    reason: 'reason',
    edited: ['edited by hand'],
    slices: [{ plane: 'axial', index: 1, width: 1, height: 1, pixelWidthMm: 1, pixelHeightMm: 1, hu: 'AAAA' }],
    flags: [flag],
    provenance,
  },
  messages: { type: 'messages', title: 'title', messages: [{ severity: 'info', text: 'text' }], flags: [flag] },
  control: { type: 'control', name: 'name', value: 'value', control: { kind: 'select', options: ['option'] } },
  reading: {
    type: 'reading',
    title: 'title',
    name: 'name',
    cases: 3,
    done: 1,
    begun: true,
    fields: 2,
    facts: [{ name: 'fact', value: 'value' }],
    blocked: 'blocked',
    provenance,
  },
};

type Path = readonly (string | number)[];

/** The places of all texts, those of keys that are data among them. */
function textsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, own]) =>
    textsOf(own, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.at(-1) === 'inputs' ? Object.keys(value).map((key) => [...path, `key of ${key}`]) : below;
}

function planted<T>(value: T, [key, ...rest]: Path, text: string): T {
  if (key === undefined) return text as T;
  if (Array.isArray(value)) return value.with(Number(key), planted(value[Number(key)], rest, text)) as T;
  const whole = value as Record<string, unknown>;
  if (typeof key === 'string' && key.startsWith('key of ')) {
    const { [key.slice(7)]: own, ...others } = whole;
    return { ...others, [`${text}/series-1`]: own } as T;
  }
  return { ...whole, [key]: planted(whole[key], rest, text) } as T;
}

/** What is no text of anybody's: words of ours that say what follows, digests, bytes, and what is emptied. */
const OURS = /^(type|severity|code|handle|plane|region|kind|hu|software|id|version|sha256|licence|lobe|xref|anchor)$/;
/** Where a label stands by itself, and the check has to see it as one. */
const LABELS: Readonly<Record<ViewModel['type'], readonly string[]>> = {
  table: [
    'rows.0.0',
    'messages.0.patients.0',
    'provenance.inputs.key of Q01/series-1',
    'provenance.inputs.key of scores.csv',
  ],
  figure: [
    'patients.panels.0.rows.0.patient',
    'provenance.inputs.key of Q01/series-1',
    'provenance.inputs.key of scores.csv',
  ],
  slices: [
    'patient',
    'flags.0.patient',
    'provenance.inputs.key of Q01/series-1',
    'provenance.inputs.key of scores.csv',
  ],
  messages: ['flags.0.patient'],
  control: [],
  reading: ['provenance.inputs.key of Q01/series-1', 'provenance.inputs.key of scores.csv'],
};
const LABEL = 'Roe-7';
const withView = (view: ViewModel): Notebook => ({
  lungnb: 1,
  cells: [{ kind: 'code', source: [], outputs: [{ view }] }],
});
const all = Object.values(VIEWS).flatMap((view) =>
  textsOf(view)
    .filter((path) => !OURS.test(String(path.at(-1))))
    .map((path) => [`${view.type} ${path.join('.')}`, view, path] as const),
);

const readable = Object.values(VIEWS).flatMap((view) =>
  textsOf(view)
    .filter((path) => path.at(-1) !== 'hu' && path.join('.') !== 'type')
    .map((path) => [`${view.type} ${path.join('.')}`, view, path] as const),
);

it('every kind of view has texts to plant something in', () => {
  const kinds = (list: readonly (readonly [string, ...unknown[]])[]) =>
    new Set(list.map(([name]) => name.split(' ')[0]));
  expect([kinds(all), kinds(readable)]).toEqual([new Set(Object.keys(VIEWS)), new Set(Object.keys(VIEWS))]);
});

describe('a patient’s label', () => {
  it.each(all)('is replaced in %s', (_, view, path) => {
    const whole = planted<ViewModel>(view, path, LABEL);
    const within = planted<ViewModel>(view, path, `see ${LABEL}, too`);
    const pseudonyms = pseudonymsFor([LABEL]);
    for (const one of [whole, within]) {
      expect(JSON.stringify(one)).toContain(LABEL);
      const replaced = withPseudonyms(withView(one), pseudonyms);
      expect(JSON.stringify(replaced)).not.toContain(LABEL);
      expect(replaced.cells[0]?.outputs?.[0]?.view?.type).toBe(view.type);
    }
  });

  it.each(Object.values(VIEWS))('is found wherever one stands by itself: $type', (view) => {
    const found = textsOf(view)
      .filter((path) => patientLabels(withView(planted<ViewModel>(view, path, LABEL))).includes(LABEL))
      .map((path) => path.join('.'));
    expect(found.sort()).toEqual([...LABELS[view.type]].sort());
  });

  it('is replaced in problems, and nothing else of them is', () => {
    const problem: CellRemark = { code: 'unknown-name', message: `no ${LABEL}`, details: LABEL, fixes: [] };
    const notebook: Notebook = {
      lungnb: 1,
      cells: [{ kind: 'code', source: [], outputs: [{ problem, text: LABEL }] }],
    };
    expect(withPseudonyms(notebook, new Map([[LABEL, 'P001']])).cells[0]?.outputs).toEqual([
      { problem: { code: 'unknown-name', message: 'no P001', details: 'P001', fixes: [] }, text: 'P001' },
    ]);
  });
});

describe('the check before sharing', () => {
  it.each(readable)('reads %s', (_, view, path) => {
    const found = findIdentifiers(withView(planted<ViewModel>(view, path, 'of anna.meier@clinic.example')));
    expect(found.map(({ what }) => what)).toContain('anna.meier@clinic.example');
  });

  it('reads no pictures, and counts them', () => {
    const { slices } = VIEWS;
    const view = planted<ViewModel>(slices, ['slices', 0, 'hu'], '19570312 anna@clinic.example');
    expect(findIdentifiers(withView(view))).toEqual(findIdentifiers(withView(slices)));
    expect(slicesKept(withView(slices))).toBe(1);
  });

  it('says of an output that it does not know that it does not, and reads what there is', () => {
    const view = { type: 'hologram', whom: 'anna@clinic.example' } as unknown as ViewModel;
    expect(findIdentifiers(withView(view)).map(({ what }) => what)).toEqual(['hologram', 'anna@clinic.example']);
    const replaced = withPseudonyms(withView(view), new Map([['anna', 'P001']]));
    expect(replaced.cells[0]?.outputs?.[0]?.view).toEqual({ type: 'hologram', whom: 'P001@clinic.example' });
  });
});

describe('plain text', () => {
  it.each(Object.values(VIEWS))('has nothing in it that a terminal would obey: $type', (view) => {
    for (const path of textsOf(view)) {
      const text = plainText(planted<ViewModel>(view, path, '\x1b[2J\x9b1m\u202e\r\0'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
      expect(text, path.join('.')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('keeps each row of a table one line, whatever its cells hold', () => {
    const view = planted<ViewModel>(VIEWS.table, ['rows', 0, 1], 'a\nerror: forged');
    expect(plainText(view)).toContain('a␊error: forged');
  });
});
