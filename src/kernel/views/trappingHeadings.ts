/** Headings of the table of `trap`. */
import { QUALITY_HEADINGS } from './qualityHeadings.ts';
import type { TableViewParts } from './tableView.ts';

const percent = { kind: 'number', unit: '%', digits: 1 } as const;

export const TRAPPING_HEADINGS: NonNullable<TableViewParts['columns']> = {
  expiration: { label: 'Expiration', kind: 'text', description: 'The series of the expiration scan' },
  insp_ml: { label: 'Inspiration', kind: 'number', unit: 'ml', digits: 0 },
  exp_ml: { label: 'Expiration', kind: 'number', unit: 'ml', digits: 0 },
  volume_change_percent: { ...percent, label: 'Breathed out', description: 'Of the volume at inspiration' },
  insp_mean_hu: { label: 'Mean, insp.', kind: 'number', unit: 'HU', digits: 0 },
  exp_mean_hu: { label: 'Mean, exp.', kind: 'number', unit: 'HU', digits: 0 },
  ei_ratio: {
    label: 'E/I',
    kind: 'number',
    digits: 3,
    description: 'Mean density of expiration by that of inspiration; 1 where nothing changes',
  },
  trapped_percent: { ...percent, label: 'Trapped', description: 'Of the expiration scan, below the threshold' },
  rvc_percent: {
    ...percent,
    label: 'RVC',
    description: 'Relative volume change: the share from −950 HU to the threshold, expiration less inspiration',
  },
  prm_normal_percent: { ...percent, label: 'PRM normal', description: 'Of the voxels of the response map' },
  prm_fsad_percent: { ...percent, label: 'PRM fSAD', description: 'Functional small airways disease' },
  prm_emphysema_percent: { ...percent, label: 'PRM emphysema', description: 'Thin at both times' },
  prm_other_percent: { ...percent, label: 'PRM other', description: 'Thin in inspiration alone' },
  prm_ml: { label: 'PRM volume', kind: 'number', unit: 'ml', digits: 0, description: 'What the response map counts' },
  ...QUALITY_HEADINGS,
};
