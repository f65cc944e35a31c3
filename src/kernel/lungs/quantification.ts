/** What one CT measures to: its label maps, probabilities, tables, and what the self-checks judge. */
import type { LungRegion, Region } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { UsedDevice } from '../inference/device.ts';
import type { Doubts } from './doubts.ts';
import type { Landmarks } from './landmarks.ts';
import type { LobeGeometry } from './lobeGeometry.ts';

export interface MeasurementRow {
  readonly region: Region;
  /** One of TEXTURE_CLASSES, or a class of the model's own. */
  readonly class: string;
  readonly volumeMl: number;
  /** Percent of the region's volume; undefined where the region has none. */
  readonly percent: number | undefined;
}

/** A class of two that overlap, such as `ggo-and-reticulation`; its voxels are counted in other classes too. */
export type OverlapRow = MeasurementRow;

/**
 * Area of each class, and of each overlap by its name, in each axial slice of a region, from the feet on, in percent of
 * the largest lung area of a slice.
 */
export type AxialPercent = Readonly<Record<'total', AreasOfClasses> & Partial<Record<LungRegion, AreasOfClasses>>>;
type AreasOfClasses = Readonly<Record<string, readonly number[]>>;

export interface DensityRow {
  readonly region: Region;
  readonly volumeMl: number;
  readonly meanHu: number | undefined;
  readonly sdHu: number | undefined;
  readonly huP05: number | undefined;
  readonly huP50: number | undefined;
  readonly huP95: number | undefined;
  /** Percent of voxels below −950 HU. */
  readonly laa950Percent: number | undefined;
  /** Percent of voxels from −600 to −250 HU. */
  readonly haaPercent: number | undefined;
  readonly huP15: number | undefined;
  /** Third and fourth standardised moments of the densities, the latter less the 3 of a normal distribution. */
  readonly skewness: number | undefined;
  readonly kurtosis: number | undefined;
}

/** Texture probabilities on the texture model's own grid around the lungs. */
export interface TextureProbabilities extends Grid {
  /** Names of the model's own classes, where it has any. */
  readonly ownClasses?: readonly string[];
  /** 0–255, class by class in the order of TEXTURE_CLASSES and of its own classes, then "none of them" where the model can say so; each in z, y, x order. */
  readonly bytes: Uint8Array;
}

/** What no network decided, and nothing can be decided anew from. */
export const NO_PROBABILITIES: TextureProbabilities = { size: [0, 0, 0], affine: [], bytes: new Uint8Array(0) };

/** A structure that is no lobe, from a mask: airways, vessels, nodules. */
export interface StructureRow extends Omit<DensityRow, 'region'> {
  readonly region: string;
  /** Of its volume, how much lies within the lungs that were measured. */
  readonly inLungsMl: number;
  /** Whether the lungs were measured without it. */
  readonly subtracted: boolean;
}

export interface Quantification {
  /** In the order of LUNG_PARTS, from 1 on. */
  readonly lobes: LabelMap;
  /** 1–6 in the order of TEXTURE_CLASSES, then the model's own classes, inside the lobes only; 0 there too where the model finds no class. */
  readonly textures: LabelMap;
  readonly probabilities: TextureProbabilities;
  /** A row per region and class that the texture model knows. */
  readonly measurements: readonly MeasurementRow[];
  readonly density: readonly DensityRow[];
  readonly axialPercent: AxialPercent;
  readonly structures: readonly StructureRow[];
  readonly geometry: readonly LobeGeometry[];
  /** Of lobes that a network drew; undefined where they were given. */
  readonly landmarks: Landmarks | undefined;
  readonly doubts: Doubts | undefined;
  /** What the networks ran on; left out, the processor, as nobody asked for another. */
  readonly device?: UsedDevice;
  readonly seconds: Readonly<Record<'lobes' | 'textures' | 'measure', number>>;
}

/** The large parts, which are read only to be looked at or decided anew. */
export type MeasuredMaps = Pick<Quantification, 'lobes' | 'textures' | 'probabilities'>;

/** All the rest. */
export type MeasuredTables = Omit<Quantification, keyof MeasuredMaps> & {
  /** On masks that took the place of networks. */
  readonly remarks?: readonly Remark[];
};
