/**
 * Lungs lie within the body. Air and foam in a couch, between it and the patient, or under a blanket look like lung to a
 * network, and do not: seen from there the body lies on one side only.
 */
import type { Resampled } from '../ct/geometry/resample.ts';
import { type GridSize, PADDING_HU, perAxis, spacingMm } from '../ct/geometry/volume.ts';
import { type Components, connectedComponents } from './components.ts';

/** Fat is denser. */
const TISSUE_HU = -300;
/** Sheets of tissue that are thinner than three of this go, at voxels of 3 mm: couch tops, blankets, clothes. */
const SHEET_RADIUS_MM = 3;
/**
 * What sees the body in fewer of the directions lies outside it: of eight, lungs on real CT see it in 6.7 or more in the
 * mean, those that the field of view cuts in 4.8 or more, and air in couches in 3.0 or fewer.
 */
export const MIN_SHARE = 0.5;
/** Where the field of view cuts a part off from more of the directions than this, nothing can be said of it. */
const MAX_CUT_SHARE = 0.5;
/** Lung that a field of view cuts is denser than the air around a patient. */
const PLAIN_AIR_HU = -980;

/** Directions in the axial plane that are looked into. */
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
] as const;

/** What is seen from a voxel in a direction: no body before the picture ends, the body, or the edge behind nothing but lung. */
const [MISSED, MET, CUT] = [0, 1, 2];

/** What is seen from each voxel of the slices with lung. */
export interface Seen {
  /** In how many of the eight directions the body is, and in how many the picture's edge with nothing but lung before it. */
  readonly met: Uint8Array;
  readonly cut: Uint8Array;
}

/** A CT with its body, as `largestBody` finds it. */
export interface WithBody extends Resampled {
  readonly body: Uint8Array | undefined;
}

/** `lung`: 1 where lung may be. Undefined where there is no body. */
export function lookAround({ size: [nx, ny, nz], hu, body }: WithBody, lung: Uint8Array): Seen | undefined {
  if (!body) return undefined;
  const met = new Uint8Array(lung.length);
  const cut = new Uint8Array(lung.length);
  const seen = new Uint8Array(nx * ny);
  for (let k = 0; k < nz; k++) {
    const slice = { start: k * nx * ny, nx, ny, hu, body, lung };
    if (!hasLung(slice)) continue;
    for (const direction of DIRECTIONS) {
      look(slice, direction, seen);
      for (let p = 0; p < seen.length; p++) {
        if (seen[p] === MET) met[slice.start + p]!++;
        else if (seen[p] === CUT) cut[slice.start + p]!++;
      }
    }
  }
  return { met, cut };
}

/** In which share of the directions in which anything is seen each component sees the body, in the mean; undefined where the field of view cuts it off from most. */
export function sharesOfBody({ numbers, sizes }: Components, { met, cut }: Seen): readonly (number | undefined)[] {
  const mets = new Float64Array(sizes.length);
  const cuts = new Float64Array(sizes.length);
  for (let v = 0; v < numbers.length; v++) {
    mets[numbers[v]!]! += met[v]!;
    cuts[numbers[v]!]! += cut[v]!;
  }
  return sizes.map((voxels, number) => shareOfBody(mets[number]!, cuts[number]!, voxels));
}

/**
 * 1 where air joins the picture's sides within its slice and lies outside the body: what a network draws there hangs
 * together with the lungs across a thin chest wall.
 */
export function openAir({ size: [nx, ny, nz], hu }: Resampled, seen: Seen): Uint8Array {
  const open = new Uint8Array(hu.length);
  const stack: number[] = [];
  for (let k = 0; k < nz; k++) {
    const start = k * nx * ny;
    const visit = (i: number, j: number) => {
      const v = start + j * nx + i;
      if (open[v] || hu[v]! > TISSUE_HU || !isOutside(seen, v)) return;
      open[v] = 1;
      stack.push(v);
    };
    for (let i = 0; i < nx; i++) for (const j of [0, ny - 1]) visit(i, j);
    for (let j = 0; j < ny; j++) for (const i of [0, nx - 1]) visit(i, j);
    while (stack.length) {
      const p = stack.pop()! - start;
      const [i, j] = [p % nx, Math.floor(p / nx)];
      if (i > 0) visit(i - 1, j);
      if (i < nx - 1) visit(i + 1, j);
      if (j > 0) visit(i, j - 1);
      if (j < ny - 1) visit(i, j + 1);
    }
  }
  return open;
}

/** Whether a voxel lies outside the body. */
export function isOutside({ met, cut }: Seen, v: number): boolean {
  return (shareOfBody(met[v]!, cut[v]!, 1) ?? 1) < MIN_SHARE;
}

function shareOfBody(met: number, cut: number, voxels: number): number | undefined {
  const looks = voxels * DIRECTIONS.length;
  return cut > MAX_CUT_SHARE * looks ? undefined : met / (looks - cut);
}

interface Slice {
  /** Index of its first voxel. */
  readonly start: number;
  readonly nx: number;
  readonly ny: number;
  readonly hu: Float32Array;
  readonly body: Uint8Array;
  readonly lung: Uint8Array;
}

function hasLung({ start, nx, ny, lung }: Slice): boolean {
  for (let v = start; v < start + nx * ny; v++) if (lung[v]) return true;
  return false;
}

/** Sets `seen` to what each pixel of a slice sees in one direction: each sees what its neighbour there is, or else sees. */
function look({ start, nx, ny, hu, body, lung }: Slice, [dx, dy]: readonly [number, number], seen: Uint8Array): void {
  // The neighbour comes first.
  const [from, step] = dy > 0 || (dy === 0 && dx > 0) ? [nx * ny - 1, -1] : [0, 1];
  const isCut = (v: number) => hu[v]! <= PADDING_HU || (lung[v] === 1 && hu[v]! > PLAIN_AIR_HU);
  for (let n = 0, p = from; n < nx * ny; n++, p += step) {
    const i = p % nx;
    const [x, y] = [i + dx, (p - i) / nx + dy];
    if (x < 0 || y < 0 || x >= nx || y >= ny) {
      seen[p] = isCut(start + p) ? CUT : MISSED;
      continue;
    }
    const near = y * nx + x;
    if (body[start + near]) seen[p] = MET;
    else seen[p] = seen[near] === CUT && !isCut(start + p) ? MISSED : seen[near]!;
  }
}

/** 1 in the largest connected piece of tissue without thin sheets; undefined where there is none. */
export function largestBody(coarse: Resampled): Uint8Array | undefined {
  const { size, hu } = coarse;
  const radii = perAxis((a) => Math.max(1, Math.round(SHEET_RADIUS_MM / spacingMm(coarse)[a])));
  const core = new Uint8Array(hu.length);
  for (let v = 0; v < core.length; v++) core[v] = hu[v]! > TISSUE_HU ? 1 : 0;
  spread(core, size, radii, 0);
  const { numbers, sizes } = connectedComponents(core, size);
  if (sizes.length === 1) return undefined;
  const largest = sizes.indexOf(sizes.reduce((most, voxels) => Math.max(most, voxels)));
  for (let v = 0; v < core.length; v++) core[v] = numbers[v] === largest ? 1 : 0;
  spread(core, size, radii, 1);
  return core;
}

/** Gives voxels the value (0 or 1) of any voxel in the box of `radii` around them that has it; in place. 0 erodes, 1 dilates. */
export function spread(map: Uint8Array, size: GridSize, radii: GridSize, value: 0 | 1): void {
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const [a, b] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
    const line = new Uint8Array(size[axis]);
    for (let m = 0; m < size[b]; m++)
      for (let n = 0; n < size[a]; n++) {
        const start = m * strides[b] + n * strides[a];
        for (let i = 0; i < line.length; i++) line[i] = map[start + i * strides[axis]]!;
        for (let i = 0, last = -Infinity; i < line.length; i++) {
          if (line[i] === value) last = i;
          if (i - last <= radii[axis]) map[start + i * strides[axis]] = value;
        }
        for (let i = line.length - 1, last = Infinity; i >= 0; i--) {
          if (line[i] === value) last = i;
          if (last - i <= radii[axis]) map[start + i * strides[axis]] = value;
        }
      }
  }
}
