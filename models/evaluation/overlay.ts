/** Pictures of a segmentation for the eye, with the labels in colour, as PNG (ISO/IEC 15948). */
import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { spacingMm, type Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { labelledBox } from '../../src/kernel/lungs/lungBox.ts';
import type { Quantification } from '../../src/kernel/lungs/quantification.ts';

/** Size of a picture's pixel in mm. */
const PIXEL_MM = 1.25;

/** Okabe and Ito's colours, one per label from 1. */
const COLOURS = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
] as const;

/** Lobes and textures of a measured CT: BASE-lobes.png and BASE-textures.png. */
export function writeOverlays(base: string, volume: Volume, { lobes, textures }: Quantification): void {
  writeLobeOverlay(base, volume, lobes.labels);
  writeTextureOverlay(base, volume, textures.labels);
}

export function writeLobeOverlay(base: string, volume: Volume, labels: Uint8Array): void {
  writeOverlay(`${base}-lobes.png`, volume, labels);
}

/** Disease in colour; normal lung is left grey. */
export function writeTextureOverlay(base: string, volume: Volume, labels: Uint8Array): void {
  writeOverlay(
    `${base}-textures.png`,
    volume,
    labels.map((label) => (label === 1 ? 0 : label)),
  );
}

/** Three axial slices, three sagittal planes and a coronal one, chosen within the labelled part, with labels in colour. */
function writeOverlay(file: string, volume: Volume, labels: Uint8Array): void {
  const [nx, ny, nz] = volume.size;
  const [dx, dy, dz] = spacingMm(volume);
  const box = labelledBox({ ...volume, labels }, 0) ?? { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] };
  const at = (axis: 0 | 1 | 2, share: number) => Math.round(box.low[axis] + share * (box.high[axis] - box.low[axis]));
  const heightMm = nz * dz;
  const axial = [0.25, 0.5, 0.75].map((share) => at(2, share));
  const sagittal = [0.2, 0.35, 0.75].map((share) => at(0, share));
  const coronal = at(1, 0.5);
  /** For each panel its size in mm and the voxel under a place in it. */
  const panels: [number, number, (x: number, y: number) => number][] = [
    ...axial.map((k): [number, number, (x: number, y: number) => number] => [
      nx * dx,
      ny * dy,
      (x, y) => voxel(x / dx, y / dy, k),
    ]),
    ...sagittal.map((i): [number, number, (x: number, y: number) => number] => [
      ny * dy,
      heightMm,
      (x, y) => voxel(i, x / dy, (heightMm - y) / dz - 1),
    ]),
    [nx * dx, heightMm, (x, y) => voxel(x / dx, coronal, (heightMm - y) / dz - 1)],
  ];
  const width = Math.ceil(panels.reduce((sum, [w]) => sum + w, 0) / PIXEL_MM);
  const height = Math.ceil(Math.max(...panels.map(([, h]) => h)) / PIXEL_MM);
  const pixels = new Uint8Array(width * height * 3);
  let left = 0;
  for (const [w, h, voxelAt] of panels) {
    for (let y = 0; y < Math.floor(h / PIXEL_MM); y++)
      for (let x = 0; x < Math.floor(w / PIXEL_MM) && left + x < width; x++)
        put(left + x, y, voxelAt(x * PIXEL_MM, y * PIXEL_MM));
    left += Math.floor(w / PIXEL_MM);
  }
  writePixels(file, width, height, pixels);

  function voxel(i: number, j: number, k: number): number {
    const clamp = (value: number, n: number) => Math.min(n - 1, Math.max(0, Math.round(value)));
    return (clamp(k, nz) * ny + clamp(j, ny)) * nx + clamp(i, nx);
  }

  function put(x: number, y: number, index: number): void {
    pixels.set(coloured(volume.hu[index]!, labels[index]!), (y * width + x) * 3);
  }
}

/** One slice as it is, and beside it once with each of several labellings of its pixels. */
export function writeSliceOverlays(
  file: string,
  [nx, ny]: readonly [number, number],
  hu: Int16Array,
  labellings: readonly Uint8Array[],
): void {
  const panels = [new Uint8Array(nx * ny), ...labellings];
  const width = nx * panels.length;
  const pixels = new Uint8Array(width * ny * 3);
  for (const [n, labels] of panels.entries())
    for (let p = 0; p < nx * ny; p++)
      pixels.set(coloured(hu[p]!, labels[p]!), (Math.floor(p / nx) * width + n * nx + (p % nx)) * 3);
  writePixels(file, width, ny, pixels);
}

/** Red, green and blue of a density in a wide lung window, tinted where it is labelled. */
function coloured(hu: number, label: number): number[] {
  const grey = Math.min(255, Math.max(0, (hu + 1350) / 6));
  const colour = COLOURS[label - 1];
  return [0, 1, 2].map((c) => Math.round(colour ? grey * 0.6 + colour[c]! * 0.4 : grey));
}

function writePixels(file: string, width: number, height: number, data: Uint8Array): void {
  writeFileSync(file, encode({ width, height, data, channels: 3 }));
}
