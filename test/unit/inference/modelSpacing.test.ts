import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import type { ModelInput } from '../../../src/kernel/inference/manifest.ts';
import { modelSpacing } from '../../../src/kernel/inference/modelSpacing.ts';

it.each<[string, ModelInput['spacingMm'], number[]]>([
  ['LPS', [1, 2, 3], [1, 2, 3]],
  ['RAI', [1, 2, 3], [1, 2, 3]],
  ['SAR', [1, 2, 3], [3, 2, 1]],
  ['PIL', ['native', 2, 3], [3, 0.7, 2]],
  ['LPS', ['native', 'native', 'native'], [0.6, 0.7, 5]],
])(
  'the spacing %s %j of a model is %j along the axes of a CT of 0.6 × 0.7 × 5 mm',
  (orientation, spacingMm, expected) => {
    // SAFETY: of a model's input, only these two are read.
    const input = { orientation, spacingMm } as ModelInput;
    const grid = { size: [4, 4, 4] as const, affine: axisAlignedAffine([0.6, 0.7, 5], [0, 0, 0]) };
    expect(modelSpacing(input, grid)).toEqual(expected);
  },
);
