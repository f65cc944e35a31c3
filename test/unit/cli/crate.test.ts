/** `lungnb run --crate`. test/reference/validateCrate.py validates such a crate by the profile's own validator. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultPaths } from '../../../src/kernel/commands/resultFiles.ts';
import { crateMetadata } from '../../../src/kernel/crate/crateMetadata.ts';
import { crateText } from '../../../src/kernel/crate/runCrate.ts';
import type { Notebook } from '../../../src/protocol/notebook.ts';

type Graph = readonly (Readonly<Record<string, unknown>> & { readonly '@id': string })[];

const PROVENANCE = {
  software: 'LungNB 0.1.0',
  models: [{ id: 'lung-texture', version: '0.7.0', sha256: 'b'.repeat(64), licence: 'CC BY 4.0' }],
  inputs: { 'reader1.csv': 'a'.repeat(64) },
};
const EXECUTED: Notebook = { lungnb: 1, cells: [], provenance: PROVENANCE };
const RUN = {
  path: '/somewhere/study.lungnb',
  executed: EXECUTED,
  names: new Map([['cut', { kind: 'parameter', value: 25 } as const]]),
  started: new Date('2026-01-01T10:00:00.5Z'),
  ended: new Date('2026-01-01T10:01:00Z'),
};

function graphOf(metadata: object): Graph {
  return JSON.parse(JSON.stringify(metadata))['@graph'];
}

describe('the metadata of a crate', () => {
  const graph = graphOf(JSON.parse(crateText(RUN)));
  const byId = new Map(graph.map((entity) => [entity['@id'], entity]));

  it('has each entity once, and everything that is referred to but profiles and terms of others', () => {
    expect(byId.size).toBe(graph.length);
    const referred = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id!);
    expect(referred.filter((id) => !byId.has(id) && !id.startsWith('https://'))).toEqual([]);
  });

  it('says what was run on what, with which models and parameters, and what came of it', () => {
    const action = byId.get('#run')!;
    expect(action).toMatchObject({
      '@type': 'CreateAction',
      instrument: { '@id': 'notebook.lungnb' },
      startTime: '2026-01-01T10:00:00+00:00',
      endTime: '2026-01-01T10:01:00+00:00',
      actionStatus: 'http://schema.org/CompletedActionStatus',
      result: [{ '@id': 'results.json' }, { '@id': 'report.html' }],
    });
    expect((action.object as Graph).map((one) => byId.get(one['@id'])!.name)).toEqual([
      'reader1.csv',
      'lung-texture',
      'cut',
    ]);
    expect(byId.get('#value-cut')).toMatchObject({ value: 25, exampleOfWork: { '@id': '#parameter-cut' } });
    expect(byId.get(`#input-${'a'.repeat(64)}-digest`)).toMatchObject({ propertyID: 'SHA-256', value: 'a'.repeat(64) });
    expect(byId.get(`#model-${'b'.repeat(64)}`)).toMatchObject({ version: '0.7.0', license: 'CC BY 4.0' });
    expect(JSON.stringify(graph)).not.toContain('somewhere');
  });

  it('holds two inputs of the same content once, under both names', () => {
    const twice = { ...PROVENANCE, inputs: { 'a.csv': 'a'.repeat(64), 'b.csv': 'a'.repeat(64) } };
    const ids = graphOf(
      crateMetadata({
        title: 'x',
        workflow: { path: 'n', name: 'n', mediaType: 'application/json' },
        outputs: [],
        parameters: {},
        provenance: twice,
        software: { name: 'LungNB', version: '1' },
        started: '',
        ended: '',
      }),
    ).map((entity) => entity['@id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says that a run failed, and why', () => {
    const problem = { code: 'unknown-name', message: 'No such name.' } as const;
    const executed: Notebook = { lungnb: 1, cells: [{ kind: 'code', source: ['x'], outputs: [{ problem }] }] };
    const failed = graphOf(JSON.parse(crateText({ ...RUN, executed })));
    expect(failed.find((entity) => entity['@id'] === '#run')).toMatchObject({
      actionStatus: 'http://schema.org/FailedActionStatus',
      error: 'No such name.',
    });
  });
});

describe('lungnb run --crate', () => {
  const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lungnb-crate-'));
    writeFileSync(join(folder, 'n.lungnb'), '{"lungnb":1,"cells":[]}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('goes with no other option that says where results go', () => {
    expect(() => resultPaths({ crate: 'c', json: 'r.json' })).toThrow('--json');
    const { status, stderr } = spawnSync(
      process.execPath,
      [CLI, 'run', 'n.lungnb', '--crate', 'c', '--out', 'o.lungnb'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([
      2,
      '--crate writes what --out would, into its folder. Leave out one of the two.\n',
    ]);
    expect(existsSync(join(folder, 'c'))).toBe(false);
  });

  it.skipIf(!existsSync(join(import.meta.dirname, '../../../out/webview/page.js')))('writes the whole crate', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [CLI, 'run', 'n.lungnb', '--crate', 'c', '--cache', 'cache'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    const graph = graphOf(JSON.parse(readFileSync(join(folder, 'c/ro-crate-metadata.json'), 'utf8')));
    const files = graph.filter(({ '@type': type }) => [type].flat().includes('File')).map((entity) => entity['@id']);
    expect(files.sort()).toEqual(['notebook.lungnb', 'report.html', 'results.json']);
    for (const file of files) expect(existsSync(join(folder, 'c', file))).toBe(true);
  });
});
