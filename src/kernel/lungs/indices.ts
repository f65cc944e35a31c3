/** Indices of extent, density and weight that papers on interstitial lung disease use, from what was measured of a region. */

/** Percent of a region per class. */
export type Percents = Readonly<Partial<Record<string, number>>>;

/** Reticulation and honeycombing. Undefined where either is. Traction bronchiectasis, which some add, is not measured. */
export function fibrosisPercent(percents: Percents): number | undefined {
  return sumOf(percents, ['reticulation', 'honeycombing']);
}

/** All that is interstitial disease: ground-glass opacity, consolidation, reticulation and honeycombing. */
export function ildPercent(percents: Percents): number | undefined {
  return sumOf(percents, ['ggo', 'consolidation', 'reticulation', 'honeycombing']);
}

/** The counterpart of quantitative ILD (Kim et al., Eur Radiol 2011): quantitative lung fibrosis, whose reticular pattern is reticulation here, with honeycombing and ground-glass opacity. */
export function qildPercent(percents: Percents): number | undefined {
  return sumOf(percents, ['ggo', 'reticulation', 'honeycombing']);
}

function sumOf(percents: Percents, classes: readonly string[]): number | undefined {
  const parts = classes.map((name) => percents[name]);
  return parts.every((part) => part !== undefined) ? parts.reduce((sum: number, part) => sum + part!, 0) : undefined;
}

export interface GohStage {
  /** Undefined where the extent is indeterminate and FVC is not known. */
  readonly stage: 'limited' | 'extensive' | undefined;
  /** What decided. */
  readonly by: 'extent' | 'FVC' | undefined;
}

/** Goh et al. (AJRCCM 2008): extents below this are limited, above the other extensive, and between them FVC decides. */
const LIMITED_BELOW = 10;
const EXTENSIVE_ABOVE = 30;
/** In percent of predicted: below it disease is extensive. */
const FVC_LIMIT = 70;
/** The single threshold of the same paper. */
const SINGLE = 20;

/** Limited or extensive disease by its extent in percent of the lungs, with FVC in percent of predicted as the tie-breaker. */
export function gohStage(extent: number | undefined, fvc: number | undefined): GohStage {
  if (extent === undefined) return { stage: undefined, by: undefined };
  if (extent < LIMITED_BELOW) return { stage: 'limited', by: 'extent' };
  if (extent > EXTENSIVE_ABOVE) return { stage: 'extensive', by: 'extent' };
  if (fvc === undefined) return { stage: undefined, by: undefined };
  return { stage: fvc < FVC_LIMIT ? 'extensive' : 'limited', by: 'FVC' };
}

/** By the single threshold of 20 %, without FVC. */
export function gohAtTwenty(extent: number | undefined): GohStage['stage'] {
  return extent === undefined ? undefined : extent > SINGLE ? 'extensive' : 'limited';
}

/** Air weighs nothing, and water, 0 HU, 1 g/ml (Coxson et al., AJRCCM 1999). */
const AIR_HU = -1000;

/** Grams of a region by its volume and mean density. */
export function massGrams(volumeMl: number | undefined, meanHu: number | undefined): number | undefined {
  return volumeMl === undefined || meanHu === undefined ? undefined : (volumeMl * (meanHu - AIR_HU)) / 1000;
}

/** Density in g/l of a percentile or a mean in HU. */
export function gramsPerLitre(hu: number | undefined): number | undefined {
  return hu === undefined ? undefined : hu - AIR_HU;
}

/**
 * Density as it would be with the lungs at a reference volume: as much tissue in another volume of air (the sponge
 * model; Stoel et al., Proc Am Thorac Soc 2008; Shaker et al., Acta Radiol 2004).
 */
export function atVolume(
  density: number | undefined,
  measuredMl: number | undefined,
  referenceMl: number | undefined,
): number | undefined {
  if (density === undefined || measuredMl === undefined || referenceMl === undefined || referenceMl <= 0)
    return undefined;
  return (density * measuredMl) / referenceMl;
}
