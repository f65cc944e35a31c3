/** What names of segments stand for, as programs and people write them. */
import { expect, it } from 'vitest';
import { structureMeant, structureNamed } from '../../../src/kernel/masks/reading/structures.ts';

it.each([
  ['lung_upper_lobe_left', 'LUL'],
  ['lung_middle_lobe_right', 'RML'],
  ['Right lower lobe', 'RLL'],
  ['Upper lobe of right lung', 'RUL'],
  ['Left Lower lobe of lung', 'LLL'],
  ['superior lobe of left lung', 'LUL'],
  ['middle lobe', 'RML'],
  ['RUL', 'RUL'],
  ['lll mask', 'LLL'],
  ['Lung-Left', 'left-lung'],
  ['right lung', 'right-lung'],
  ['lungs', 'lungs'],
  ['Ground glass opacity', 'ggo'],
  ['Honeycombing', 'honeycombing'],
  ['Normal lung', 'normal'],
  ['lung_vessels', 'vessels'],
  ['pulmonary vessels', 'vessels'],
  ['lung_trachea_bronchia', 'airways'],
  ['trachea', 'trachea'],
  ['lung nodules', 'nodules'],
  ['GTV-1', 'tumour'],
  ['pleural_effusion', 'effusion'],
  ['rib_left_1', 'rib-left-1'],
  ['Segment_1', 'segment-1'],
  ['right lobe of liver', 'right-lobe-of-liver'],
  ['left upper lobe apical segment', 'left-upper-lobe-apical-segment'],
  ['n', 'n'],
])('%s is %s', (written, structure) => {
  expect(structureNamed(written)).toBe(structure);
});

it('takes no word for a user’s own that is near to a known one', () => {
  expect([structureMeant('honeycombin'), structureMeant('vesels'), structureMeant('fibrosis')]).toEqual([
    undefined,
    undefined,
    'fibrosis',
  ]);
});
