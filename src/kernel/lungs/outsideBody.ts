/**
 * What lies outside the body and is no lung, whatever a network says; on the side of the lungs where that is in doubt. A
 * chest wall can be as thin as the shell of a couch: in children and thin patients the body is found in part only, and
 * its lungs seem to lie outside it. So the body has a say only where the bulk of the lungs lies plainly within it, and
 * it never takes that bulk.
 */
import type { Resampled } from '../ct/geometry/resample.ts';
import { spacingMm, voxelMl } from '../ct/geometry/volume.ts';
import { isOutside, lookAround, MIN_SHARE, openAir, type Seen, sharesOfBody, type WithBody } from './bodyAround.ts';
import { type Components, connectedComponents } from './components.ts';
import { openComponents } from './enclosed.ts';

/** A part with at least this share of all that was found is no island: a lung, unless it lies open to the air. */
const BULK_SHARE = 0.25;
/** A lung within a body that was found whole sees it in more of the directions: on real CT in 0.84 or more. */
const PLAINLY_WITHIN = 0.7;
/** More of the lungs at the picture's sides than the tip of a recess: the field of view cuts them. */
const MAX_CUT_MM2 = 1000;

export interface Outside {
  /** 1 where no lung can be. */
  readonly noLung: Uint8Array;
  /** What is seen of the body; undefined where it has no say. */
  readonly seen: Seen | undefined;
}

/** `found`: 1 where lung is more probable than not, on the grid of `coarse`. */
export function findOutside(coarse: WithBody, found: Uint8Array): Outside {
  const parts = connectedComponents(found, coarse.size);
  const open = openComponents(parts, coarse);
  const seen = lookAround(coarse, found);
  const byAir = { noLung: within(parts, open), seen: undefined };
  if (!seen || !isPlausible(coarse, parts, open, seen)) return byAir;
  const noLung = openAir(coarse, seen);
  const rest = found.map((lung, v) => (noLung[v] ? 0 : lung));
  const voxels = parts.sizes.reduce((sum, size) => sum + size, 0);
  let taken = 0;
  for (let v = 0; v < found.length; v++) if (found[v] && noLung[v] && !open.has(parts.numbers[v]!)) taken++;
  if (taken > BULK_SHARE * voxels) return byAir;
  const isWhole = rest.every((lung, v) => lung === found[v]);
  const restParts = isWhole ? parts : connectedComponents(rest, coarse.size);
  const restOpen = isWhole ? open : openComponents(restParts, coarse);
  const shares = sharesOfBody(restParts, seen);
  const outside = [...restParts.sizes.keys()].filter(
    (n) => n > 0 && (shares[n] ?? 1) < MIN_SHARE && (restParts.sizes[n]! < BULK_SHARE * voxels || restOpen.has(n)),
  );
  const left = within(restParts, new Set(outside));
  for (let v = 0; v < left.length; v++) if (left[v]) noLung[v] = 1;
  return { noLung, seen };
}

/**
 * Whether the bulk of the lungs, but for what lies open to the air, lies plainly within the body, and is not cut by the
 * sides of the picture: the body around it is not in view there.
 */
function isPlausible(coarse: Resampled, parts: Components, open: ReadonlySet<number>, seen: Seen): boolean {
  const { sizes } = parts;
  const all = sizes.reduce((sum, voxels) => sum + voxels, 0);
  const isBulk = sizes.map((voxels, n) => n > 0 && !open.has(n) && voxels >= BULK_SHARE * all);
  const shares = sharesOfBody(parts, seen);
  return (
    isBulk.every((bulk, n) => !bulk || (shares[n] ?? 1) >= PLAINLY_WITHIN) &&
    cutAtSidesMm2(coarse, parts, isBulk) <= MAX_CUT_MM2
  );
}

/** Area of these components on the sides of the picture. */
function cutAtSidesMm2(coarse: Resampled, { numbers }: Components, chosen: readonly boolean[]): number {
  const [nx, ny, nz] = coarse.size;
  const [dx, dy, dz] = spacingMm(coarse);
  const isChosen = (i: number, j: number, k: number) => (chosen[numbers[(k * ny + j) * nx + i]!] ? 1 : 0);
  let mm2 = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) mm2 += dy * dz * (isChosen(0, j, k) + isChosen(nx - 1, j, k));
    for (let i = 0; i < nx; i++) mm2 += dx * dz * (isChosen(i, 0, k) + isChosen(i, ny - 1, k));
  }
  return mm2;
}

export interface OutsideBodyMl {
  /** Taken for lung by the network, and left out. */
  readonly leftOut: number;
  /** In the lungs none the less, as what hangs together with them within a closed cover. */
  readonly kept: number;
}

/** `lungs`: 1 in what is kept of `found`. */
export function outsideBodyMl(
  coarse: Resampled,
  found: Uint8Array,
  lungs: Uint8Array,
  { noLung, seen }: Outside,
): OutsideBodyMl | undefined {
  if (!seen) return undefined;
  let [leftOut, kept] = [0, 0];
  for (let v = 0; v < found.length; v++) {
    if (found[v] && noLung[v]) leftOut++;
    if (lungs[v] && isOutside(seen, v)) kept++;
  }
  const ml = voxelMl(coarse);
  return { leftOut: leftOut * ml, kept: kept * ml };
}

/** 1 in the components of these numbers. */
function within({ numbers, sizes }: Components, chosen: ReadonlySet<number>): Uint8Array {
  const isChosen = Uint8Array.from(sizes, (_, number) => (chosen.has(number) ? 1 : 0));
  const inside = new Uint8Array(numbers.length);
  for (let v = 0; v < inside.length; v++) inside[v] = isChosen[numbers[v]!]!;
  return inside;
}
