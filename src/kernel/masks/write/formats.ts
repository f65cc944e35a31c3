/** The forms in which masks are written, by the words of `export … format`. */
import type { Mask } from '../mask.ts';
import { metaImageOf } from './metaImage.ts';
import { niftiOf } from './nifti.ts';
import { segNrrdOf } from './nrrd.ts';

export const MASK_FORMATS = ['nifti', 'nrrd', 'mha', 'seg', 'seg-labelmap', 'sr'] as const;
export type MaskFormat = (typeof MASK_FORMATS)[number];

/** Endings stand for their format, too. */
export const MASK_ENDINGS: Readonly<Record<string, MaskFormat>> = {
  nii: 'nifti',
  '.nii': 'nifti',
  '.nii.gz': 'nifti',
  '.nrrd': 'nrrd',
  '.seg.nrrd': 'nrrd',
  '.mha': 'mha',
  metaimage: 'mha',
  'dicom-seg': 'seg',
  labelmap: 'seg-labelmap',
  'dicom-sr': 'sr',
};

/** Formats of volume files, with their endings. */
export const VOLUME_WRITERS: Readonly<
  Record<'nifti' | 'nrrd' | 'mha', { readonly ending: string; readonly write: (mask: Mask) => Promise<Uint8Array> }>
> = {
  nifti: { ending: '.nii.gz', write: niftiOf },
  nrrd: { ending: '.seg.nrrd', write: segNrrdOf },
  mha: { ending: '.mha', write: metaImageOf },
};

/** Endings of DICOM segmentations, by their form. */
export const SEGMENTATION_ENDINGS = { binary: '.seg.dcm', labelmap: '.labelmap.seg.dcm' } as const;
export const REPORT_NAME = 'measurements.sr.dcm';
