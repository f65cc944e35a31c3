/** Headings of the columns that say how well two CTs lie upon each other. */
import type { TableViewParts } from './tableView.ts';

export const QUALITY_HEADINGS: NonNullable<TableViewParts['columns']> = {
  lung_dice: { label: 'Lung Dice', kind: 'number', digits: 3, description: 'Overlap of both lungs after registration' },
  hu_difference: {
    label: 'Δ HU',
    kind: 'number',
    unit: 'HU',
    digits: 0,
    description: 'Mean of the second CT less the first where both are lung',
  },
  folded_percent: {
    label: 'Folded',
    kind: 'number',
    unit: '%',
    digits: 2,
    description: 'Of the lungs, where the deformation folds space',
  },
};
