/** CT images whose values are not those of tissue as it was scanned: projections, and maps computed from two energies. */
import { remembering } from '../../base/remembering.ts';
import { type Tags, tagText, tagValues } from './dicomTags.ts';

export type ImageKind =
  | { readonly kind: 'projection' }
  | { readonly kind: 'spectral' }
  /** Something else than Hounsfield units, by the defined term of Rescale Type (PS3.3 C.11.1.1.2). */
  | { readonly kind: 'quantity'; readonly unit: string };

/** Hounsfield units, modified ones, and "unspecified", which many scanners write. */
const HOUNSFIELD_TYPES = ['HU', 'HU_MOD', 'US', 'UNSPECIFIED', 'HOUNSFIELD', 'HOUNSFIELD UNITS'];
const PROJECTION_TECHNIQUES = ['MAX_IP', 'MIN_IP'];
const PROJECTION = /(?<![a-z])((max|min)(imum)?[ _-]?(ip|intensity projection)|mips?|projection image)(?![a-z])/i;
/** `40 keV`, `MonoE`, `monoenergetic`, virtual non-contrast. */
const SPECTRAL = /(?<![a-z])(\d{2,3} ?kev|mono ?e(nergetic)?|virtual (non|mono)[a-z -]*|vnc|vmi)(?![a-z])/i;

/** What the header tells; undefined for a plain CT. */
export function imageKindOf(tags: Tags): ImageKind | undefined {
  const unit = tagText(tags.RescaleType)?.toUpperCase();
  if (unit !== undefined && !HOUNSFIELD_TYPES.includes(unit)) return { kind: 'quantity', unit };
  const technique = tagText(tags.VolumeBasedCalculationTechnique) ?? '';
  if (PROJECTION_TECHNIQUES.includes(technique)) return { kind: 'projection' };
  return kindByWords([...tagValues(tags.ImageType), tagText(tags.SeriesDescription) ?? ''].join(' \\ '));
}

const kindByWords = remembering((text): ImageKind | undefined => {
  const words = text.replaceAll('_', ' ');
  if (PROJECTION.test(words)) return { kind: 'projection' };
  return SPECTRAL.test(words) ? { kind: 'spectral' } : undefined;
});
