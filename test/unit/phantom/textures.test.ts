/** Checks the drawn densities of the six textures against each other and against what real lungs measure. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/phantom/random.ts';
import { drawParenchyma } from '../../../samples/phantom/textures.ts';
import { TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';

const PATIENTS = Array.from({ length: 5 }, (_, n) => `patient-${n}`);
const parenchymas = new Map(PATIENTS.map((seed) => [seed, drawParenchyma(createRandom(seed))]));
const STEP_MM = 0.8;
const SIDE = 48;

/** A square of one texture in the middle of the chest, in HU. */
function patch(seed: string, name: TextureClass, y0 = 0): number[] {
  const parenchyma = parenchymas.get(seed) ?? drawParenchyma(createRandom(seed));
  const label = TEXTURE_CLASSES.indexOf(name) + 1;
  const groundGlass = name === 'ggo' ? 1 : 0;
  return Array.from({ length: SIDE * SIDE }, (_, n) =>
    parenchyma.huAt(label, 60 + (n % SIDE) * STEP_MM, y0 + Math.floor(n / SIDE) * STEP_MM, 40, groundGlass),
  );
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};
const shareAbove = (values: readonly number[], hu: number) =>
  values.filter((value) => value > hu).length / values.length;

describe('drawParenchyma', () => {
  it.each(PATIENTS)('orders the mean densities as a radiologist would (%s)', (seed) => {
    const density = (name: TextureClass) => mean(patch(seed, name));
    expect(density('emphysema')).toBeLessThan(density('normal') - 25);
    expect(density('normal')).toBeLessThan(density('reticulation'));
    expect(density('normal') + 80).toBeLessThan(density('ggo'));
    expect(density('ggo')).toBeLessThan(density('consolidation'));
    expect(density('honeycombing')).toBeLessThan(density('consolidation'));
  });

  it('draws normal lung around −890 HU, as real normal regions measure', () => {
    const medians = PATIENTS.map((seed) => patch(seed, 'normal').sort((a, b) => a - b)[(SIDE * SIDE) / 2]!);
    expect(mean(medians)).toBeGreaterThan(-910);
    expect(mean(medians)).toBeLessThan(-850);
  });

  it('makes normal lung denser towards the back', () => {
    for (const seed of PATIENTS)
      expect(mean(patch(seed, 'normal', 40))).toBeGreaterThan(mean(patch(seed, 'normal', -80)));
  });

  it.each(PATIENTS)('mixes air and walls in honeycombing (%s)', (seed) => {
    const values = patch(seed, 'honeycombing');
    expect(shareAbove(values, -300)).toBeGreaterThan(0.1);
    expect(1 - shareAbove(values, -850)).toBeGreaterThan(0.1);
  });

  it.each(PATIENTS)(
    'varies more within reticulation and honeycombing than within normal lung and ground glass (%s)',
    (seed) => {
      const smooth = Math.max(deviation(patch(seed, 'normal')), deviation(patch(seed, 'ggo')));
      expect(deviation(patch(seed, 'reticulation'))).toBeGreaterThan(smooth);
      expect(deviation(patch(seed, 'honeycombing'))).toBeGreaterThan(2 * smooth);
    },
  );

  it('draws the same patient for the same seed', () => {
    expect(patch('again', 'reticulation')).toEqual(patch('again', 'reticulation'));
    expect(patch('again', 'reticulation')).not.toEqual(patch('other', 'reticulation'));
  });
});
