/** Where the lobes of a label map lie, how large they are, and where the field of view cuts them: what the self-checks judge. */
import { LUNG_PARTS, type LungPart } from '../../protocol/names.ts';
import { forEachLabelledRun } from '../ct/geometry/labelled.ts';
import { type Grid, type LabelMap, perAxis, spacingMm, voxelMl } from '../ct/geometry/volume.ts';
import { partsIn } from './lungParts.ts';

/** The six faces of a volume, as the patient has them. */
export const FACES = ['right', 'left', 'front', 'back', 'bottom', 'top'] as const;
export type Face = (typeof FACES)[number];

export interface LobeGeometry {
  /** A lobe, or a whole lung where lobes are not known. */
  readonly lobe: LungPart;
  readonly volumeMl: number;
  /** Centre of gravity in patient coordinates (LPS, mm); undefined where the lobe has no voxel. */
  readonly centreMm: readonly [x: number, y: number, z: number] | undefined;
  /** Area of the lobe on each face of the volume. */
  readonly cutMm2: Readonly<Record<Face, number>>;
}

/** One entry per part that the map tells, in the order of LUNG_PARTS. */
export function lobeGeometry(map: LabelMap): LobeGeometry[] {
  const { labels, size } = map;
  const [nx, ny, nz] = size;
  const counts = LUNG_PARTS.map(() => 0);
  const sums = LUNG_PARTS.map(() => perAxis(() => 0));
  const onFace = LUNG_PARTS.map(() => FACES.map(() => 0));
  forEachLabelledRun(labels, nx, (first, end) => {
    const row = first - (first % nx);
    const j = (row / nx) % ny;
    const k = Math.floor(row / (nx * ny));
    // Neighbours are mostly of one lobe, and are counted together; the sums are of whole numbers, in whatever order.
    for (let v = first; v < end; ) {
      const begin = v;
      const label = labels[v]!;
      while (v < end && labels[v] === label) v++;
      const count = v - begin;
      const [low, high] = [begin - row, v - row - 1];
      counts[label - 1]! += count;
      const sum = sums[label - 1]!;
      sum[0] += ((low + high) * count) / 2;
      sum[1] += j * count;
      sum[2] += k * count;
      const faces = onFace[label - 1]!;
      if (low === 0) faces[0]!++;
      if (high === nx - 1) faces[1]!++;
      if (j === 0) faces[2]! += count;
      if (j === ny - 1) faces[3]! += count;
      if (k === 0) faces[4]! += count;
      if (k === nz - 1) faces[5]! += count;
    }
  });
  const ml = voxelMl(map);
  const areas = faceAreasMm2(map);
  return partsIn(labels).map((lobe) => {
    const l = LUNG_PARTS.indexOf(lobe);
    const count = counts[l]!;
    const [i, j, k] = sums[l]!;
    return {
      lobe,
      volumeMl: count * ml,
      centreMm: count ? toPatient(map, i / count, j / count, k / count) : undefined,
      // SAFETY: the entries are those of FACES.
      cutMm2: Object.fromEntries(FACES.map((face, f) => [face, onFace[l]![f]! * areas[f >> 1]!])) as Record<
        Face,
        number
      >,
    };
  });
}

function toPatient({ affine }: Grid, i: number, j: number, k: number): [number, number, number] {
  const row = (r: number) => affine[r]! * i + affine[r + 1]! * j + affine[r + 2]! * k + affine[r + 3]!;
  return [row(0), row(4), row(8)];
}

/** Area of one voxel's side on the faces across i, across j and across k. */
function faceAreasMm2(grid: Grid): [number, number, number] {
  const [x, y, z] = spacingMm(grid);
  return [y * z, x * z, x * y];
}
