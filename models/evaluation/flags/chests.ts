/** The real CTs on which flags are tried, with what a person found in each that a flag should say. */
import type { RemarkCode } from '../../../src/protocol/remarkCodes.ts';

export interface Chest {
  readonly name: string;
  /** Within the folder of data. */
  readonly file: string;
  readonly about: string;
  /** Flags that are true of it as it is. */
  readonly deserved: readonly RemarkCode[];
  /** Flags that are true where a network draws it so. */
  readonly may: readonly RemarkCode[];
}

export const CHESTS: readonly Chest[] = [
  chest('ct/LIDC-IDRI-0050.nrrd', 'whole chest, contrast agent, −1024 outside the body'),
  chest('ct/LIDC-IDRI-0314.zip', 'whole chest, small right lung with a consolidated apex', ['asymmetry']),
  chest('ct/LUNG1-001.zip', 'whole chest, tumour on the left, thick couch'),
  chest('ct/cip-ct-64.nrrd', 'whole chest at 4 mm'),
  chest('ct/elastix-3DCT_lung.mha', 'right half of a chest: one lung, and the tip of the other', [
    'cut-off',
    'asymmetry',
    'lobe-missing',
  ]),
  chest('chests/TCGA-DE-A4MA.nrrd', 'skull to thigh, couch and blanket', [], ['lung-outside-body']),
  chest('chests/RICORD-1A-000082.nrrd', 'COVID, gas in the colon'),
  chest('chests/LIDC-IDRI-0001.nrrd', 'whole chest'),
  chest('chests/LIDC-IDRI-0002.nrrd', 'whole chest'),
  chest('chests/LIDC-IDRI-0003.nrrd', 'whole chest, contrast agent in stomach and vessels'),
  chest('chests/CPTAC-C3N-00249.nrrd', 'whole chest'),
  chest('chests/Lung-Dx-A0001.nrrd', 'whole chest'),
  chest('chests/Lung-Dx-A0002.nrrd', 'whole chest, mass in the right lung, couch with foam'),
  chest('chests/Pancreatic-CT-CBCT-001.nrrd', 'lower half of the lungs, and the abdomen', ['cut-off']),
  chest('chests/ACRIN-FLT-Breast-001.nrrd', 'middle of the lungs', ['cut-off']),
  chest('chests/RIDER-Pilot-0117.nrrd', 'slab through the heart, contrast agent, the sides cut off', [
    'cut-off',
    'asymmetry',
    'lobe-missing',
  ]),
];

function chest(
  file: string,
  about: string,
  deserved: readonly RemarkCode[] = [],
  may: readonly RemarkCode[] = [],
): Chest {
  return { name: file.replace(/^.*\/|\.[a-z]+$/g, ''), file, about, deserved, may };
}
