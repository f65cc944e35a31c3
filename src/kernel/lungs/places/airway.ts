/** The trachea and where it divides, followed slice by slice through the air between the lungs. */
import { type LabelMap, perAxis, spacingMm, type Volume } from '../../ct/geometry/volume.ts';
import { labelledBox, type VoxelBox } from '../lungBox.ts';

/** Air of an airway this wide; its wall and everything around are denser. */
const AIR_HU = -700;
/** The section of a trachea: a narrow one of a woman at expiration, a wide one of a man (Breatnach et al., AJR 1984;142:903). */
const TRACHEA_MM2 = [60, 700] as const;
/** The least section of a main bronchus. */
const BRONCHUS_MM2 = 25;
/** Where the trachea is looked for: between these shares of the lungs' height, so far from the middle between the lungs. */
const SEARCH = { from: 0.97, to: 0.7, besideMm: 35 } as const;
/** Both bronchi are seen over this length below the carina, or it was none. */
const CONFIRM_MM = 8;
/** A round section is π/4 of the square around it; an oblique or flat one less. */
const ROUND = 0.35;
/** Pixels are looked at about this far apart. */
const PIXEL_MM = 1.2;

export interface Airway {
  /** The lowest slice in which the trachea is one. */
  readonly carina: number;
  /** Its middle and left border there, and its highest slice, in voxels of the CT. */
  readonly middle: readonly [i: number, j: number];
  readonly top: number;
  /** By slice, from the carina up: the column of the trachea's left border and the row of its middle. */
  readonly borders: ReadonlyMap<number, { readonly left: number; readonly row: number }>;
}

interface Blob {
  readonly pixels: readonly number[];
  readonly mm2: number;
  /** Middle and borders, in columns and rows of the sampled slice. */
  readonly i: number;
  readonly j: number;
  readonly first: number;
  readonly last: number;
}

/** Undefined where no trachea is seen, or where it does not divide within the CT. */
export function findAirway(volume: Volume, lobes: LabelMap): Airway | undefined {
  const box = labelledBox(lobes, 0);
  if (!box) return undefined;
  const sampled = sampledSlices(volume, lobes, box);
  const dz = spacingMm(volume)[2];
  const height = box.high[2] - box.low[2];
  const middle = (box.high[0] - box.low[0]) / 2 / sampled.step[0];
  for (let k = Math.floor(box.low[2] + SEARCH.from * height); k >= box.low[2] + SEARCH.to * height; k--) {
    const [first] = sampled
      .blobs(k)
      .filter(
        ({ mm2, i, first, last }) =>
          mm2 >= TRACHEA_MM2[0] &&
          mm2 <= TRACHEA_MM2[1] &&
          Math.abs(i - middle) * sampled.mm[0] <= SEARCH.besideMm &&
          mm2 >= ROUND * ((last - first + 1) * sampled.mm[0]) ** 2,
      )
      .sort((a, b) => Math.abs(a.i - middle) - Math.abs(b.i - middle));
    const followed = first && follow(sampled, first, k, { dz, lowest: box.low[2] });
    if (followed) return followed;
  }
  return undefined;
}

interface Sampled {
  /** The first voxel of the sampled part. */
  readonly low: readonly [number, number];
  readonly step: readonly [number, number];
  /** Of a sampled pixel. */
  readonly mm: readonly [number, number];
  readonly blobs: (k: number) => Blob[];
}

/** From the trachea in slice `top` downwards. */
function follow(
  { step, low, blobs }: Sampled,
  start: Blob,
  top: number,
  { dz, lowest }: { readonly dz: number; readonly lowest: number },
): Airway | undefined {
  const borders = new Map<number, { left: number; row: number }>();
  let last: { k: number; blob: Blob } | undefined;
  let apart = 0;
  let before: readonly Blob[] = [start];
  for (let k = top; k > lowest; k--) {
    const under = blobs(k).filter((blob) => before.some((above) => touch(above, blob)));
    const wide = under.filter(({ mm2 }) => mm2 >= BRONCHUS_MM2);
    if (wide.length === 0) return undefined;
    if (wide.some(({ mm2 }) => mm2 > 3 * TRACHEA_MM2[1])) return undefined;
    if (wide.length === 1) {
      apart = 0;
      last = { k, blob: wide[0]! };
      borders.set(k, { left: low[0] + wide[0]!.last * step[0], row: low[1] + wide[0]!.j * step[1] });
    } else apart += dz;
    if (last && apart >= CONFIRM_MM)
      return {
        carina: last.k,
        middle: [low[0] + last.blob.i * step[0], low[1] + last.blob.j * step[1]],
        top,
        borders,
      };
    before = wide;
  }
  return undefined;
}

/** Whether two sections of one airway lie over each other. */
function touch(a: Blob, b: Blob): boolean {
  const own = new Set(a.pixels);
  return b.pixels.some((pixel) => own.has(pixel));
}

/** Connected air that is no lung, in the part of a slice where the lungs lie. */
function sampledSlices(volume: Volume, lobes: LabelMap, { low, high }: VoxelBox): Sampled {
  const [nx, ny] = volume.size;
  const spacing = spacingMm(volume);
  const step = perAxis((a) => Math.max(1, Math.floor(PIXEL_MM / spacing[a])));
  const [mx, my] = perAxis((a) => Math.floor((high[a] - low[a]) / step[a]) + 1);
  const mm = [spacing[0] * step[0], spacing[1] * step[1]] as const;
  const known = new Map<number, Blob[]>();
  const find = (k: number): Blob[] => {
    const open = new Uint8Array(mx * my);
    for (let j = 0, p = 0; j < my; j++)
      for (let i = 0; i < mx; i++, p++) {
        const v = (k * ny + low[1] + j * step[1]) * nx + low[0] + i * step[0];
        if (volume.hu[v]! < AIR_HU && lobes.labels[v] === 0) open[p] = 1;
      }
    const found: Blob[] = [];
    for (let p = 0; p < open.length; p++) if (open[p]) found.push(blobAt(open, p, mx, mm[0] * mm[1]));
    return found;
  };
  return {
    low: [low[0], low[1]],
    step: [step[0], step[1]],
    mm,
    blobs(k) {
      const blobs = known.get(k) ?? find(k);
      known.set(k, blobs);
      return blobs;
    },
  };
}

/** The pixels that hang together with one, over their edges; they are taken from `open`. */
function blobAt(open: Uint8Array, start: number, width: number, pixelMm2: number): Blob {
  const pixels = [start];
  open[start] = 0;
  let [i, j, first, last] = [0, 0, width, -1];
  for (let n = 0; n < pixels.length; n++) {
    const p = pixels[n]!;
    const column = p % width;
    i += column;
    j += Math.floor(p / width);
    first = Math.min(first, column);
    last = Math.max(last, column);
    for (const next of [column > 0 ? p - 1 : -1, column < width - 1 ? p + 1 : -1, p - width, p + width])
      if (open[next]) {
        open[next] = 0;
        pixels.push(next);
      }
  }
  return { pixels, mm2: pixels.length * pixelMm2, i: i / pixels.length, j: j / pixels.length, first, last };
}
