/** Headings of the table of `agree … on voxels`. */
import type { TableColumn } from '../../protocol/view.ts';

export const VOXEL_HEADINGS: Readonly<Record<string, Omit<TableColumn, 'name'>>> = {
  class: { label: 'Class', kind: 'text', description: 'Empty for the region itself' },
  dice: {
    label: 'Dice',
    kind: 'number',
    digits: 3,
    description: 'Twice what both have, of the sum of both; 1 is the same',
  },
  surface_mean_mm: {
    label: 'Surface distance',
    kind: 'number',
    unit: 'mm',
    digits: 2,
    description: 'Mean distance of either surface to the other',
  },
  hd95_mm: {
    label: 'HD95',
    kind: 'number',
    unit: 'mm',
    digits: 1,
    description: '95th percentile of the distances of the surfaces, the larger of both directions',
  },
  left_ml: { label: 'Left', kind: 'number', unit: 'ml', digits: 1 },
  right_ml: { label: 'Right', kind: 'number', unit: 'ml', digits: 1 },
  difference_ml: { label: 'Difference', kind: 'number', unit: 'ml', digits: 1, description: 'Left less right' },
  difference_percent: { label: 'Difference', kind: 'number', unit: '%', digits: 1, description: 'Of the right volume' },
  worst_slice: {
    label: 'Slice',
    kind: 'number',
    digits: 0,
    description: 'Axial slice in which most voxels differ, counted from 1 at the feet',
  },
};
