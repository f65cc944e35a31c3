/**
 * Writes the training chests of lung-texture: Hounsfield units before the scanner (Int16) and texture labels, at the
 * model's own spacing. Noise, kernel and density are varied in training.
 * Use: node models/training/exportTextures.ts OUTPUT_FOLDER [FIRST LAST]
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chestGrid, lungsOf } from '../../samples/phantom/anatomy.ts';
import { drawPerfectChest } from '../../samples/phantom/chest.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';

const PIXEL_MM = 0.8;
const SLICE_MM = 3;
const COLUMNS = 416;
/** Every n-th chest is held out. */
const HELD_OUT_EVERY = 6;

const [output, first = '0', last = '48'] = process.argv.slice(2);
if (!output) throw new Error('use: exportTextures.ts OUTPUT_FOLDER [FIRST LAST]');
mkdirSync(output, { recursive: true });

for (let index = Number(first); index < Number(last); index++) {
  const seed = `texture-${index}`;
  const random = createRandom(seed);
  const grid = chestGrid(lungsOf(seed), COLUMNS * PIXEL_MM, COLUMNS, SLICE_MM, 0);
  const disease = random.chance(0.2) ? {} : drawPlan(random, random.between(0.25, 1), 0.6);
  const thinSlices = 2 + Math.floor(random.between(0, 2.5));
  const { hu, textures } = drawPerfectChest({ seed, grid, disease }, thinSlices);
  writeFileSync(join(output, `${index}.hu`), Int16Array.from(hu));
  writeFileSync(join(output, `${index}.labels`), textures.labels);
  const entry = { name: String(index), size: grid.size, heldOut: index % HELD_OUT_EVERY === 5 };
  appendFileSync(join(output, 'volumes.jsonl'), `${JSON.stringify(entry)}\n`);
  console.log(index, grid.size.join('×'), JSON.stringify(disease));
}
