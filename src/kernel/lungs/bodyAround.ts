/**
 * Lungs lie within the body. Air and foam in a couch, between it and the patient, or under a blanket look like lung to a
 * network, and do not: seen from there the body lies on one side only.
 */
import type { Resampled } from '../ct/geometry/resample.ts';
import { type GridSize, PADDING_HU, perAxis, spacingMm } from '../ct/geometry/volume.ts';
import { type Components, connectedComponents } from './components.ts';

/** Fat is denser. */
const TISSUE_HU = -300;
/** Sheets of tissue that are thinner than two of this go: couch tops, blankets, clothes, arms of chairs. */
const SHEET_RADIUS_MM = 6;
/**
 * A part from which the body is seen in fewer of the directions lies outside it: of eight, lungs on real CT see it in
 * 6.7 or more, those that the field of view cuts in 4.8 or more, and couches in 3.0 or fewer.
 */
const MIN_SHARE = 0.5;
/** Where the field of view cuts a part off from more of the directions than this, nothing can be said of it. */
const MAX_CUT_SHARE = 0.5;

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

/** The numbers of the components that lie outside the body; none where there is no body. */
export function outsideBody({ numbers, sizes }: Components, coarse: Resampled): ReadonlySet<number> {
  const body = largestBody(coarse);
  if (!body) return new Set();
  const [nx, ny, nz] = coarse.size;
  const met = new Float64Array(sizes.length);
  const cut = new Float64Array(sizes.length);
  const seen = new Uint8Array(nx * ny);
  for (let k = 0; k < nz; k++) {
    const slice = { start: k * nx * ny, nx, ny, hu: coarse.hu, body, numbers };
    if (!hasComponent(slice)) continue;
    for (const direction of DIRECTIONS) {
      look(slice, direction, seen);
      for (let p = 0; p < seen.length; p++) {
        const number = numbers[slice.start + p]!;
        if (seen[p] === MET) met[number]!++;
        else if (seen[p] === CUT) cut[number]!++;
      }
    }
  }
  return new Set(
    [...sizes.keys()].filter((number) => {
      const looks = sizes[number]! * DIRECTIONS.length;
      const known = looks - cut[number]!;
      return number > 0 && known >= (1 - MAX_CUT_SHARE) * looks && met[number]! < MIN_SHARE * known;
    }),
  );
}

interface Slice {
  /** Index of its first voxel. */
  readonly start: number;
  readonly nx: number;
  readonly ny: number;
  readonly hu: Float32Array;
  readonly body: Uint8Array;
  readonly numbers: Int32Array;
}

function hasComponent({ start, nx, ny, numbers }: Slice): boolean {
  for (let v = start; v < start + nx * ny; v++) if (numbers[v]) return true;
  return false;
}

/** Sets `seen` to what each pixel of a slice sees in one direction: each sees what its neighbour there is, or else sees. */
function look(
  { start, nx, ny, hu, body, numbers }: Slice,
  [dx, dy]: readonly [number, number],
  seen: Uint8Array,
): void {
  // The neighbour comes first.
  const [from, step] = dy > 0 || (dy === 0 && dx > 0) ? [nx * ny - 1, -1] : [0, 1];
  for (let n = 0, p = from; n < nx * ny; n++, p += step) {
    const x = (p % nx) + dx;
    const y = Math.floor(p / nx) + dy;
    if (x < 0 || y < 0 || x >= nx || y >= ny) {
      seen[p] = CUT;
      continue;
    }
    const near = y * nx + x;
    const voxel = start + near;
    if (body[voxel]) seen[p] = MET;
    else if (seen[near] === CUT && !numbers[voxel] && hu[voxel]! > PADDING_HU) seen[p] = MISSED;
    else seen[p] = seen[near]!;
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
function spread(map: Uint8Array, size: GridSize, radii: GridSize, value: 0 | 1): void {
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
