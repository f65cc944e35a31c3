/** The names that notebooks, tables and pictures share: texture classes and lung regions (a contract with users' files). */

/** The six texture classes (Fleischner Society glossary), in the order of every report: N G C R H E. */
export const TEXTURE_CLASSES = ['normal', 'ggo', 'consolidation', 'reticulation', 'honeycombing', 'emphysema'] as const;
export type TextureClass = (typeof TEXTURE_CLASSES)[number];

export const TEXTURE_CLASS_LETTERS: Readonly<Record<TextureClass, string>> = {
  normal: 'N',
  ggo: 'G',
  consolidation: 'C',
  reticulation: 'R',
  honeycombing: 'H',
  emphysema: 'E',
};

export const TEXTURE_CLASS_LABELS: Readonly<Record<TextureClass, string>> = {
  normal: 'Normal',
  ggo: 'Ground-glass opacity',
  consolidation: 'Consolidation',
  reticulation: 'Reticulation',
  honeycombing: 'Honeycombing',
  emphysema: 'Emphysema',
};

/** The five lobes. */
export const LOBES = ['RUL', 'RML', 'RLL', 'LUL', 'LLL'] as const;
export type Lobe = (typeof LOBES)[number];

/** The lobes of each lung. */
export const LUNGS = { right: ['RUL', 'RML', 'RLL'], left: ['LUL', 'LLL'] } as const satisfies Record<
  string,
  readonly Lobe[]
>;
export type Side = keyof typeof LUNGS;

/** Whole lungs, of masks that tell no lobes. */
export const WHOLE_LUNGS = ['right-lung', 'left-lung'] as const;
export type WholeLung = (typeof WHOLE_LUNGS)[number];

/** In a map of lobes, part `LUNG_PARTS[i]` has the value i + 1, and 0 is outside the lungs. A map has lobes, or else whole lungs. */
export const LUNG_PARTS = [...LOBES, ...WHOLE_LUNGS] as const;
export type LungPart = (typeof LUNG_PARTS)[number];

export function sideOf(part: LungPart): Side {
  return part === 'right-lung' || LUNGS.right.some((one) => one === part) ? 'right' : 'left';
}

/** What is measured of every CT whose lobes are known. */
export const LOBAR_REGIONS = ['total', ...LOBES] as const;
export type LobarRegion = (typeof LOBAR_REGIONS)[number];

/** What is measured of a CT of which whole lungs alone are known. */
export const WHOLE_REGIONS = ['total', ...WHOLE_LUNGS] as const;
/** The lungs and their parts. */
export const LUNG_REGIONS = [...LOBAR_REGIONS, ...WHOLE_LUNGS] as const;
export type LungRegion = (typeof LUNG_REGIONS)[number];

/** The twelve zones: each lung by thirds of its height, each third by its depth below the pleura. They add up to the lungs. */
export const ZONES = (['right', 'left'] as const).flatMap((side) =>
  (['upper', 'middle', 'lower'] as const).flatMap((third) =>
    (['central', 'peripheral'] as const).map((depth) => `${side}-${third}-${depth}` as const),
  ),
);
export type Zone = (typeof ZONES)[number];

/**
 * The five levels of visual scores of fibrosis, from the apex downwards (Goh et al., Am J Respir Crit Care Med 2008;177:1248):
 * the origin of the great vessels, the main carina, the confluence of the pulmonary veins, halfway from there to the last,
 * and just above the right half of the diaphragm.
 */
export const LEVELS = ['great-vessels', 'carina', 'pulmonary-veins', 'halfway', 'diaphragm'] as const;
export type Level = (typeof LEVELS)[number];

/** Whatever a column `region` may hold, in the order of every report: lobes, or whole lungs where lobes are not known; zones and levels where they were asked for. */
export const REGIONS = [...LUNG_REGIONS, ...ZONES, ...LEVELS] as const;
export type Region = (typeof REGIONS)[number];
