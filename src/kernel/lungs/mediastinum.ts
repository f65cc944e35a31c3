/** The side to which heart and aorta lean, seen by the gap between the lungs (the mediastinum). It tells a mirrored chest, whose lobes a network names by their side. */
import { LUNG_PARTS, sideOf } from '../../protocol/names.ts';
import { type LabelMap, spacingMm } from '../ct/geometry/volume.ts';
import { labelledBox } from './lungBox.ts';

/**
 * Heart, aortic arch and descending aorta lie left of the middle. Heights and depths are shares of the lungs' extent,
 * from the bottom and from the front. The weights even out that the heart reaches farther to the left than the aorta.
 */
const REGIONS = [
  { height: [0.1, 0.5], depth: [0, 0.6], weight: 1 },
  { height: [0.55, 0.75], depth: [0.2, 0.8], weight: 1 },
  { height: [0.3, 0.6], depth: [0.65, 0.95], weight: 2 },
] as const;
/** By label; 0 is outside the lungs. */
const IS_RIGHT = [false, ...LUNG_PARTS.map((lobe) => sideOf(lobe) === 'right')];

/**
 * How far left of the middle between the lungs' outer borders the middle of the gap between them lies, in mm: a
 * weighted mean over the heights of heart, arch and descending aorta. Negative where they lean to the right; undefined
 * where some of these heights do not show both lungs.
 */
export function mediastinumLeftMm(lobes: LabelMap): number | undefined {
  const box = labelledBox(lobes, 0);
  if (!box) return undefined;
  const { labels } = lobes;
  const [nx, ny] = lobes.size;
  const [dx] = spacingMm(lobes);
  const within = (axis: 1 | 2, [from, to]: readonly [number, number]) => {
    const low = box.low[axis];
    const extent = box.high[axis] - low;
    return { first: Math.ceil(low + from * extent), last: Math.floor(low + to * extent) };
  };
  let sum = 0;
  let weights = 0;
  for (const { height, depth, weight } of REGIONS) {
    const [slices, rows] = [within(2, height), within(1, depth)];
    let shift = 0;
    let count = 0;
    for (let k = slices.first; k <= slices.last; k++) {
      const slice = bordersOf(k, { first: box.low[1], last: box.high[1] });
      for (let j = rows.first; j <= rows.last; j++) {
        const row = bordersOf(k, { first: j, last: j });
        if (row.innerRight < 0 || row.innerLeft >= nx) continue;
        shift += (row.innerRight + row.innerLeft - slice.outerRight - slice.outerLeft) / 2;
        count++;
      }
    }
    if (count === 0) return undefined;
    sum += (weight * shift) / count;
    weights += weight;
  }
  return (sum / weights) * dx;

  /** The lungs' outermost columns and those next to the gap, in some rows of a slice. */
  function bordersOf(k: number, rows: { first: number; last: number }) {
    const borders = { outerRight: nx, innerRight: -1, innerLeft: nx, outerLeft: -1 };
    for (let j = rows.first; j <= rows.last; j++)
      for (let i = box!.low[0], index = (k * ny + j) * nx + i; i <= box!.high[0]; i++, index++) {
        const label = labels[index]!;
        if (label === 0) continue;
        borders.outerRight = Math.min(borders.outerRight, i);
        borders.outerLeft = Math.max(borders.outerLeft, i);
        if (IS_RIGHT[label]) borders.innerRight = Math.max(borders.innerRight, i);
        else borders.innerLeft = Math.min(borders.innerLeft, i);
      }
    return borders;
  }
}
