/** Headings of the tables of `change … on voxels` and `… on lesions`. */
import { QUALITY_HEADINGS } from './qualityHeadings.ts';
import type { TableViewParts } from './tableView.ts';

const ml = { kind: 'number', unit: 'ml', digits: 1 } as const;
const count = { kind: 'number', digits: 0 } as const;

const PAIR = {
  later_series: { label: 'Later series', kind: 'text', description: 'The series of the later visit' },
  days_between: { ...count, label: 'Days', description: 'From the first of both visits to the second' },
} as const;

export const TRANSITION_HEADINGS: NonNullable<TableViewParts['columns']> = {
  ...PAIR,
  class_before: { label: 'Before', kind: 'text' },
  class_after: { label: 'After', kind: 'text', description: '`outside`: no lung there at the later visit' },
  before_ml: { ...ml, label: 'Volume before', description: 'Of these voxels at the first visit' },
  percent: { label: 'Percent', kind: 'number', unit: '%', digits: 1, description: 'Of what the class before had' },
  after_ml: { ...ml, label: 'Volume after', description: 'Of the same tissue at the later visit' },
  most_slice: {
    ...count,
    label: 'Slice',
    description: 'Axial slice of the first visit with most of these voxels, counted from 1 at the feet',
  },
  ...QUALITY_HEADINGS,
};

export const LESION_HEADINGS: NonNullable<TableViewParts['columns']> = {
  ...PAIR,
  new_lesions: { ...count, label: 'New' },
  new_ml: { ...ml, label: 'New' },
  gone_lesions: { ...count, label: 'Gone' },
  gone_ml: { ...ml, label: 'Gone' },
  ...QUALITY_HEADINGS,
};
