/** Checks that lobe maps are read with the right lobes at the right places. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lobeOfValue, readLobeMap } from '../../../models/training/lobeMap.ts';
import { readLabels } from '../../../models/training/volumes.ts';
import { boxOf } from '../../../samples/phantom/grid.ts';
import { CENTRAL_AIRWAY } from '../../../samples/phantom/tissues.ts';
import { LOBES } from '../../../src/protocol/names.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A 40 × 30 × 20 map at 1 × 1 × 2 mm: a right upper lobe low in x, a left lower lobe high in x, a trachea between. */
function writeMap(type = 'unsigned short'): string {
  const [nx, ny, nz] = [40, 30, 20];
  const values = new Uint16Array(nx * ny * nz);
  for (let k = 4; k < 16; k++)
    for (let j = 5; j < 25; j++)
      for (let i = 0; i < nx; i++) {
        const value = i >= 3 && i < 15 ? 4 : i >= 25 && i < 37 ? 8 : i >= 17 && i < 23 ? 512 : 0;
        values[(k * ny + j) * nx + i] = value;
      }
  const header = `NRRD0004\ntype: ${type}\ndimension: 3\nspace: left-posterior-superior\nsizes: ${nx} ${ny} ${nz}\nspace directions: (1,0,0) (0,1,0) (0,0,2)\nendian: little\nencoding: gzip\nspace origin: (-20,-15,100)\n\n`;
  const file = join(folder, 'map.nrrd');
  writeFileSync(file, Buffer.concat([Buffer.from(header), gzipSync(Buffer.from(values.buffer))]));
  return file;
}

it('names lobes by the values of their authors, and gives airways inside a lobe to the lobe', () => {
  expect([4, 5, 6, 7, 8].map((value) => LOBES[lobeOfValue(value) - 1])).toEqual(['RUL', 'RML', 'RLL', 'LUL', 'LLL']);
  expect([516, 517, 518, 519, 520].map(lobeOfValue)).toEqual([1, 2, 3, 4, 5]);
  expect(lobeOfValue(512)).toBe(CENTRAL_AIRWAY);
  expect([0, 3, 9, 511, 513, 521].map(lobeOfValue)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('reads size, place and values of a map', async () => {
  const map = await readLabels(writeMap());
  expect(boxOf(map)).toEqual({ sizeVoxels: [40, 30, 20], spacing: [1, 1, 2], origin: [-20, -15, 100] });
  expect(map.values[(10 * 30 + 10) * 40 + 5]).toBe(4);
});

it('refuses a map whose header does not fit its voxels', async () => {
  await expect(readLabels(writeMap('double'))).rejects.toThrow('cut short');
});

it('gives lobes and airways on the map’s own grid', async () => {
  const { size, labels } = await readLobeMap(writeMap());
  expect(size).toEqual([40, 30, 20]);
  const at = (i: number, j: number, k: number) => labels[(k * 30 + j) * 40 + i];
  expect([at(5, 10, 10), at(30, 10, 10), at(20, 10, 10), at(16, 10, 10), at(5, 2, 10)]).toEqual([
    1,
    5,
    CENTRAL_AIRWAY,
    0,
    0,
  ]);
});
