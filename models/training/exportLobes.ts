/**
 * Writes the training anatomies of lung-lobes: tissues and lobes at 3 mm, around real lobe maps and around drawn lungs.
 * Use: node models/training/exportLobes.ts LOBE_MAP_FOLDER OUTPUT_FOLDER
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawAnatomy } from '../../samples/phantom/anatomy.ts';
import { drawBody } from '../../samples/phantom/body.ts';
import { gridAround } from '../../samples/phantom/grid.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import type { Grid } from '../../src/kernel/ct/volume.ts';
import { coarsenLobeMap } from './lobeMap.ts';
import { readNrrd } from './nrrd.ts';

const SPACING_MM = 3;
const COLUMNS_ROWS = [144, 112] as const;
/** Room below the lungs (abdomen) and above them (neck), in mm. */
const MARGIN_MM = [200, 90] as const;
const BODIES_PER_MAP = 2;
const DRAWN_CHESTS = 36;
/** Every n-th map is held out; so is every n-th drawn chest. */
const HELD_OUT_EVERY = 7;

const [mapFolder, output] = process.argv.slice(2);
if (!mapFolder || !output) throw new Error('use: exportLobes.ts LOBE_MAP_FOLDER OUTPUT_FOLDER');
mkdirSync(output, { recursive: true });
const volumes: { name: string; size: readonly number[]; heldOut: boolean; real: boolean }[] = [];

function write(name: string, grid: Grid, tissues: Uint8Array, lobes: Uint8Array, heldOut: boolean, real: boolean) {
  writeFileSync(join(output!, `${name}.tissues`), tissues);
  writeFileSync(join(output!, `${name}.lobes`), lobes);
  volumes.push({ name, size: grid.size, heldOut, real });
  console.log(name, grid.size.join('×'), heldOut ? 'held out' : '');
}

const maps = readdirSync(mapFolder)
  .filter((file) => file.endsWith('.nrrd'))
  .sort();
for (const [index, file] of maps.entries()) {
  const { grid, lobes } = coarsenLobeMap(readNrrd(join(mapFolder, file)), SPACING_MM, COLUMNS_ROWS, MARGIN_MM);
  for (let body = 0; body < BODIES_PER_MAP; body++) {
    const random = createRandom(`real-${index}-${body}`);
    const tissues = drawBody(grid, lobes, random, { arms: random.chance(0.3) });
    write(`real-${index}-${body}`, grid, tissues, lobes, index % HELD_OUT_EVERY === 3, true);
  }
}
for (let index = 0; index < DRAWN_CHESTS; index++) {
  const seed = `training-${index}`;
  const grid = gridAround([0, 8, 70], [...COLUMNS_ROWS, 180], [SPACING_MM, SPACING_MM, SPACING_MM]);
  const { tissues, lobes } = drawAnatomy({ seed, arms: index % 4 === 0 }, grid);
  write(`drawn-${index}`, grid, tissues, lobes, index % HELD_OUT_EVERY === 3, false);
}
writeFileSync(join(output, 'volumes.json'), JSON.stringify(volumes));
