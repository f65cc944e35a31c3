/**
 * Writes the training volumes of lung-lobes at 3 mm: tissues, lobes, vessels and textures of chests drawn around real
 * lobe maps and around drawn lungs; and real chests, as HU with what is known of their lungs. What left training for good
 * (heldOut.json) is not written.
 * Use: node models/training/exportLobes.ts DATA_FOLDER OUTPUT_FOLDER [--bent 1] [--drawn 64] (DATA_FOLDER has lobes/ and chests/)
 */
import { parseArgs } from 'node:util';
import { drawAnatomy, lungsOf } from '../../samples/phantom/anatomy.ts';
import { placeDisease } from '../../samples/phantom/disease.ts';
import { gridAround } from '../../samples/phantom/grid.ts';
import type { LungShape } from '../../samples/phantom/lungShape.ts';
import { deformLungs, mappedLungs } from '../../samples/phantom/mappedLungs.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { volumeWriter } from './exported.ts';
import { isHeldOutMap, leftTraining, sourceName } from './heldOut.ts';
import { lobeMapFiles, readLobeMap } from './lobeMap.ts';
import { readRealChest, realChestFiles } from './realChest.ts';

const SPACING_MM = 3;
const COLUMNS_ROWS = [144, 112] as const;
/** Room below the lungs (abdomen) and above them (neck), in mm; of every n-th chest the whole body from thigh to skull. */
const MARGIN_MM = [200, 90] as const;
const WHOLE_BODY_MM = [430, 300] as const;
const WHOLE_BODY_EVERY = 8;
/** Every n-th drawn chest is held out, from the fourth on. */
const DRAWN_HELD_OUT_EVERY = 7;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bent: { type: 'string', default: '1' }, drawn: { type: 'string', default: '64' } },
});
const [data, output] = positionals;
if (!data || !output) throw new Error('use: exportLobes.ts DATA_FOLDER OUTPUT_FOLDER [--bent 1] [--drawn 64]');
const write = volumeWriter(output);
let drawn = 0;

for (const file of realChestFiles(`${data}/chests`)) {
  const { size, hu, lungs } = await readRealChest(file);
  write({ name: sourceName(file), source: sourceName(file), kind: 'real', size, heldOut: false }, { hu, lungs });
}
for (const file of lobeMapFiles(`${data}/lobes`).filter((map) => !leftTraining(map, 'lobes'))) {
  const lungs = mappedLungs(await readLobeMap(file));
  const source = sourceName(file);
  for (let bent = 0; bent <= Number(values.bent); bent++) {
    const seed = `map-${source.slice(-6)}-${bent}`;
    const shape = bent === 0 ? lungs : deformLungs(lungs, createRandom(`${seed}/shape`));
    drawChest(seed, source, shape, isHeldOutMap(file));
  }
}
for (let index = 0; index < Number(values.drawn); index++) {
  const heldOut = index % DRAWN_HELD_OUT_EVERY === 3;
  drawChest(`drawn-${index}`, undefined, lungsOf(`training-${index}`), heldOut);
}

/** `source` names the map that the lungs are of; drawn lungs have none. */
function drawChest(name: string, source: string | undefined, lungs: LungShape, heldOut: boolean): void {
  const [below, above] = drawn++ % WHOLE_BODY_EVERY === 0 ? WHOLE_BODY_MM : MARGIN_MM;
  const height = below + above + lungs.high[2] - lungs.low[2];
  const centreZ = (lungs.low[2] - below + lungs.high[2] + above) / 2;
  const size = [...COLUMNS_ROWS, Math.ceil(height / SPACING_MM)] as const;
  const grid = gridAround([0, 8, centreZ], size, [SPACING_MM, SPACING_MM, SPACING_MM]);
  const random = createRandom(name);
  const { tissues, lobes, vesselShare } = drawAnatomy({ seed: name, lungs, arms: random.chance(0.3) }, grid);
  const plan = drawPlan(random, random.between(0.4, 1), 0.6);
  const textures = placeDisease(grid, lobes, plan, random.fork('disease'));
  const entry = { name, ...(source && { source }), kind: source ? 'map' : 'drawn', size: grid.size, heldOut } as const;
  write(entry, { tissues, lobes, vessels: vesselShare, textures });
}
