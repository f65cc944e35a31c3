/** The tissues that a simulated chest is made of, one byte per voxel, and the anatomy type that holds them. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';

export const TISSUE = {
  outside: 0,
  fat: 1,
  muscle: 2,
  bone: 3,
  marrow: 4,
  /** Soft tissue between the lungs: walls of vessels and oesophagus, thymus, connective tissue. */
  mediastinum: 5,
  /** Heart muscle; its chambers hold blood. */
  heart: 6,
  abdomen: 7,
  liver: 8,
  bowelGas: 9,
  /** Shell of the couch. */
  table: 10,
  clothing: 11,
  lung: 12,
  airwayLumen: 13,
  airwayWall: 14,
  vessel: 15,
  /** Blood by where contrast agent reaches it: from the arm to the right heart, through the lungs, from there, and back from the legs. */
  cavalBlood: 16,
  pulmonaryBlood: 17,
  aorticBlood: 18,
  systemicVein: 19,
  node: 20,
  calcification: 21,
  kidney: 22,
  brain: 23,
  bowelContent: 24,
  /** Core of the couch. */
  foam: 25,
  mattress: 26,
  metal: 27,
  /** Thin metal: leads and cables, much of whose voxels is not metal. */
  wire: 28,
  implant: 29,
  gland: 30,
} as const;

/** In `lobes`, beside 1–5 for the lobes: trachea and main bronchi, which are no part of a lobe. */
export const CENTRAL_AIRWAY = 6;

export interface Anatomy extends Grid {
  /** TISSUE codes in z, y, x order. */
  readonly tissues: Uint8Array;
  /** 0 outside, 1–5 lobes in the order of LOBES (vessels and airways inside a lobe included), CENTRAL_AIRWAY. */
  readonly lobes: Uint8Array;
  /** Share of each voxel (0–255) that vessels fill, thin ones that fill less than a voxel included. */
  readonly vesselShare: Uint8Array;
}
