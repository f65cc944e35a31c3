/** What weights have seen is read from the words of their manifest, their forebears' included. */
import { expect, it } from 'vitest';
import { saw, seenBy, type TrainedOn } from '../../../models/evaluation/seen.ts';

const weights = (trainedOn: string): TrainedOn => ({ id: 'lung-lobes', version: '0', sha256: '', trainedOn });
const ANEW = weights(
  'Random densities, disease and scanners drawn on: chests drawn around 35 real lobe maps (LUNA16) and 55 drawn pairs of lungs; the real chest LIDC-IDRI-0001; the real chest Lung-Dx-A0002.',
);
const SHIPPED_BEFORE =
  'Synthetic CT only: random densities drawn on chests drawn around 35 real lobe maps (LUNA16) and around 55 drawn pairs of lungs';
const MAP = '1.3.6.1.4.1.14519.5.2.1.6279.6001.183982839679953938397312236359';

it('goes by whole names, at the end of a sentence too', () => {
  expect(['LIDC-IDRI-0001', 'Lung-Dx-A0002'].map((name) => saw(ANEW, name))).toEqual([true, true]);
  expect(['LIDC-IDRI-0003', 'LIDC-IDRI-000', 'Lung-Dx-A0001'].map((name) => saw(ANEW, name))).toEqual([
    false,
    false,
    false,
  ]);
});

it('knows a CT by its lobe map', () => {
  expect(saw(ANEW, 'LIDC-IDRI-0050')).toBe(false);
  expect(saw(weights(`the map ${MAP}`), 'LIDC-IDRI-0050')).toBe(true);
  expect(saw(weights('the map of LIDC-IDRI-0050'), MAP)).toBe(true);
});

it('knows what words stood for that name nothing, in weights that began from those, too', () => {
  const descendant = weights(`chests drawn around 35 real lobe maps; lung-lobes 0.6.0 (${SHIPPED_BEFORE})`);
  for (const one of [weights(SHIPPED_BEFORE), descendant]) {
    expect(saw(one, 'LIDC-IDRI-0050')).toBe(true);
    expect(saw(one, 'LIDC-IDRI-0003')).toBe(false);
  }
  const proof = weights('A proof: drawn chests, and the 11 real chests of shared/data/chests');
  expect(saw(proof, 'TCGA-DE-A4MA')).toBe(true);
  expect(saw(proof, 'LIDC-IDRI-0314')).toBe(false);
});

it('counts both networks for textures, and the one of the lobes for lungs', () => {
  const textures = { ...weights('the real chest LIDC-IDRI-0003'), id: 'lung-texture' };
  const both = { lobes: ANEW, textures };
  expect(seenBy(both, 'lobes', 'LIDC-IDRI-0003')).toBeUndefined();
  expect(seenBy(both, 'textures', 'LIDC-IDRI-0003')).toBe('lung-texture');
  expect(seenBy(both, 'textures', 'LIDC-IDRI-0001')).toBe('lung-lobes');
});
