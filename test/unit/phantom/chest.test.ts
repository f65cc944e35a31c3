/** Checks that a whole simulated chest carries its own exact truth. */
import { describe, expect, it } from 'vitest';
import { chestGrid, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { drawChest } from '../../../samples/phantom/chest.ts';
import { TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';

const options = {
  seed: 'chest',
  grid: chestGrid(lungsOf('chest'), 360, 72, 8),
  disease: { RLL: { ggo: 0.3, consolidation: 0.2 }, LUL: { emphysema: 0.5 }, LLL: { honeycombing: 0.3 } },
  scanner: { convolutionKernel: 'TEST', blurMm: 0.6, sharpening: 0.3, noiseHu: 15 },
  thinSlices: 2,
};
const chest = drawChest(options);

function medianHu(name: TextureClass): number {
  const label = TEXTURE_CLASSES.indexOf(name) + 1;
  const values = chest.volume.hu.filter((_, index) => chest.textures.labels[index] === label).sort();
  return values[values.length >> 1]!;
}

describe('drawChest', () => {
  it('gives CT, lobes and textures on the wanted grid', () => {
    for (const part of [chest.volume, chest.lobes, chest.textures]) {
      expect(part.size).toEqual(options.grid.size);
      expect(part.affine).toEqual(options.grid.affine);
    }
  });

  it('has a texture exactly where it has a lobe', () => {
    expect(chest.textures.labels.every((label, index) => label > 0 === chest.lobes.labels[index]! > 0)).toBe(true);
  });

  it('shows each texture at its density after the scanner', () => {
    expect(medianHu('emphysema')).toBeLessThan(medianHu('normal') - 20);
    expect(medianHu('ggo')).toBeGreaterThan(medianHu('normal') + 80);
    expect(medianHu('consolidation')).toBeGreaterThan(-150);
  });

  it('is the same for the same seed', () => {
    const again = drawChest(options);
    expect(Buffer.compare(Buffer.from(again.volume.hu.buffer), Buffer.from(chest.volume.hu.buffer))).toBe(0);
    expect(Buffer.compare(again.textures.labels, chest.textures.labels)).toBe(0);
  });
});
