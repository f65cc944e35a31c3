/** What was measured is kept for the same weights and code, and for no other. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Job } from '../../../models/evaluation/jobs.ts';
import type { LobeMapResult } from '../../../models/evaluation/lobeMaps.ts';
import {
  isMeasured,
  keptRecords,
  noRecords,
  resultsOf,
  withRows,
  writeRecords,
} from '../../../models/evaluation/records.ts';
import type { Weights } from '../../../models/evaluation/seen.ts';

const weights = (sha256: string): Weights => ({
  lobes: { id: 'lung-lobes', version: '1', sha256, trainedOn: '' },
  textures: { id: 'lung-texture', version: '1', sha256: 't', trainedOn: '' },
});
const healthy: Job = { kind: 'map', file: 'lobes/1.111111.nrrd', deformed: false };
const bent: Job = { ...healthy, deformed: true };
const rows: LobeMapResult[] = [{ map: '111111', deformed: false, lungs: 0.98, lobes: [0.9, undefined, 0.9, 0.9, 0.9] }];

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
  file = join(folder, 'results.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('goes on from what is measured, a lobe in neither map included', () => {
  writeRecords(file, withRows(noRecords(weights('a')), healthy, rows));
  const kept = keptRecords(file, weights('a'));
  expect([healthy, bent].map((job) => isMeasured(kept, job))).toEqual([true, false]);
  const { map, phantom } = resultsOf(kept, [healthy, bent]);
  expect(map[0]!.lobes.filter((value) => value !== undefined)).toEqual([0.9, 0.9, 0.9, 0.9]);
  expect([map.length, phantom.length]).toEqual([1, 0]);
});

it('takes nothing from other weights or other code', () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  writeRecords(file, withRows(noRecords(weights('a')), healthy, rows));
  expect(isMeasured(keptRecords(file, weights('b')), healthy)).toBe(false);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), code: 'older' }));
  expect(isMeasured(keptRecords(file, weights('a')), healthy)).toBe(false);
  expect(said).toHaveBeenCalledTimes(2);
  said.mockRestore();
});
