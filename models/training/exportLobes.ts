/**
 * Writes the training anatomies of lung-lobes at 3 mm: tissues, lobes, vessels and textures of chests drawn around real
 * lobe maps and around drawn lungs.
 * Use: node models/training/exportLobes.ts LOBE_MAP_FOLDER OUTPUT_FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawAnatomy, lungsOf } from '../../samples/phantom/anatomy.ts';
import { placeDisease } from '../../samples/phantom/disease.ts';
import { gridAround } from '../../samples/phantom/grid.ts';
import type { LungShape } from '../../samples/phantom/lungShape.ts';
import { deformLungs, mappedLungs } from '../../samples/phantom/mappedLungs.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { isHeldOut, lobeMapFiles, readLobeMap } from './lobeMap.ts';

const SPACING_MM = 3;
const COLUMNS_ROWS = [144, 112] as const;
/** Room below the lungs (abdomen) and above them (neck), in mm. */
const MARGIN_MM = [200, 90] as const;
const CHESTS_PER_MAP = 2;
const DRAWN_CHESTS = 64;

const [mapFolder, output] = process.argv.slice(2);
if (!mapFolder || !output) throw new Error('use: exportLobes.ts LOBE_MAP_FOLDER OUTPUT_FOLDER');
mkdirSync(output, { recursive: true });
const volumes: { name: string; size: readonly number[]; heldOut: boolean; real: boolean }[] = [];

for (const [index, file] of lobeMapFiles(mapFolder).entries()) {
  const lungs = mappedLungs(await readLobeMap(file));
  for (let chest = 0; chest < CHESTS_PER_MAP; chest++) {
    const seed = `real-${index}-${chest}`;
    write(seed, chest === 0 ? lungs : deformLungs(lungs, createRandom(`${seed}/shape`)), isHeldOut(index), true);
  }
}
for (let index = 0; index < DRAWN_CHESTS; index++)
  write(`drawn-${index}`, lungsOf(`training-${index}`), isHeldOut(index), false);
writeFileSync(join(output, 'volumes.json'), JSON.stringify(volumes));

function write(name: string, lungs: LungShape, heldOut: boolean, real: boolean): void {
  const height = MARGIN_MM[0] + MARGIN_MM[1] + lungs.high[2] - lungs.low[2];
  const centreZ = (lungs.low[2] - MARGIN_MM[0] + lungs.high[2] + MARGIN_MM[1]) / 2;
  const size = [...COLUMNS_ROWS, Math.ceil(height / SPACING_MM)] as const;
  const grid = gridAround([0, 8, centreZ], size, [SPACING_MM, SPACING_MM, SPACING_MM]);
  const random = createRandom(name);
  const anatomy = drawAnatomy({ seed: name, lungs, arms: random.chance(0.3) }, grid);
  const plan = drawPlan(random, random.between(0.4, 1), 0.6);
  const textures = placeDisease(grid, anatomy.lobes, plan, random.fork('disease'));
  for (const [kind, values] of Object.entries({
    tissues: anatomy.tissues,
    lobes: anatomy.lobes,
    vessels: anatomy.vesselShare,
    textures,
  }))
    writeFileSync(join(output!, `${name}.${kind}`), values);
  volumes.push({ name, size: grid.size, heldOut, real });
  console.log(name, grid.size.join('×'), heldOut ? 'held out' : '');
}
