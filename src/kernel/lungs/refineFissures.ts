/**
 * Moves the borders between the lobes of each lung onto the fissures that the CT shows. The network decides at 3 mm
 * which fissure is roughly where; what a walker finds around its borders (`walkFissures`) is brought to the CT's own grid.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LOBES } from '../../protocol/names.ts';
import { type GridSize, type LabelMap, perAxis, type Volume } from '../ct/geometry/volume.ts';
import { cropGrid, cropLabels, labelledBox, nearestLabels, type VoxelBox } from './lungBox.ts';
import { resampleInSlabs } from './slabs/inSlabs.ts';
import { placesOf, sameLung, type Walked, type WalkedLungs } from './walkFissures.ts';

const SPACING_MM = 1.5;
/** How far from the network's border a fissure is looked for. */
const BAND_MM = 12;

/**
 * Moves the borders between the lobes of `lobes`, which is changed and given back: voxels of lung stay so. The walker goes in a thread of its
 * own, so that a network can be run meanwhile; it ends when the signal is aborted.
 */
export async function refineFissures(volume: Volume, lobes: LabelMap, signal: AbortSignal): Promise<LabelMap> {
  const box = labelledBox(lobes, BAND_MM);
  if (!box) return lobes;
  const lungs = await lungsToWalk(volume, lobes, box);
  const walked = await walkInThread(lungs, signal);
  if (walked.band.length === 0) return lobes;
  const part = { low: box.low, size: cropGrid(lobes, box).size };
  assign(lobes, part, { ...lungs, ...walked });
  return lobes;
}

/** The part of a CT around its lungs, at the walker's resolution. */
async function lungsToWalk(volume: Volume, lobes: LabelMap, box: VoxelBox): Promise<WalkedLungs> {
  const { size, hu } = await resampleInSlabs(volume, [SPACING_MM, SPACING_MM, SPACING_MM], box);
  const labels = nearestLabels(cropLabels(lobes, box), size);
  return { size, hu, labels, reach: Math.round(BAND_MM / SPACING_MM) };
}

function walkInThread(lungs: WalkedLungs, signal: AbortSignal): Promise<Walked> {
  signal.throwIfAborted();
  const file = fileURLToPath(import.meta.url);
  const worker = new Worker(new URL(`./fissureWorker${extname(file)}`, import.meta.url));
  const walked = new Promise<Walked>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.on('message', resolve).on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the thread that looks for the fissures ended (code ${code})`)));
    worker.postMessage(lungs);
  });
  return walked.finally(() => worker.terminate());
}

/** Steps along x, y and z from the first of eight voxels around a point to each of them. */
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => [c & 1, (c >> 1) & 1, c >> 2] as const);

/** Of each voxel of a part along an axis: the first of the two fine voxels that it lies between, and the share of each. */
function betweenFine(count: number, fine: number): { first: Int32Array; shares: Float64Array } {
  const first = new Int32Array(count);
  const shares = new Float64Array(count * 2);
  for (let n = 0; n < count; n++) {
    const position = Math.min(fine - 1, Math.max(0, ((n + 0.5) * fine) / count - 0.5));
    first[n] = Math.min(Math.max(0, fine - 2), Math.floor(position));
    shares[n * 2 + 1] = position - first[n]!;
    shares[n * 2] = 1 - shares[n * 2 + 1]!;
  }
  return { first, shares };
}

/** A part of a CT: its first voxel, and its size. */
interface Part {
  readonly low: GridSize;
  readonly size: GridSize;
}

/** The part's labels at the walker's resolution, and for each lobe its probability in each voxel of the band. */
interface Refined {
  readonly size: GridSize;
  readonly labels: Uint8Array;
  readonly band: Int32Array;
  readonly probabilities: readonly Float32Array[];
}

/** Sets the labels at full resolution: to the most probable lobe between the fine voxels around, where they lie in the band. */
function assign(
  lobes: LabelMap,
  { low, size: part }: Part,
  { size: fine, labels, band, probabilities }: Refined,
): void {
  const place = placesOf(band, labels.length);
  const offsets = CORNERS.map(([x, y, z]) => x + fine[0] * (y + fine[1] * z));
  /** 1 for the first of eight fine voxels of which one lies in the band. */
  const nearBand = new Uint8Array(labels.length);
  for (const v of band) for (const offset of offsets) nearBand[v - offset] = 1;
  const [xs, ys, zs] = perAxis((a) => betweenFine(part[a], fine[a]));
  const [nx, ny] = lobes.size;
  const result = lobes.labels;
  const sums = new Float32Array(LOBES.length);
  for (let k = 0; k < part[2]; k++)
    for (let j = 0; j < part[1]; j++)
      for (let i = 0; i < part[0]; i++) {
        const index = ((k + low[2]) * ny + j + low[1]) * nx + i + low[0];
        const own = result[index]!;
        if (own === 0) continue;
        const corner = (zs.first[k]! * fine[1] + ys.first[j]!) * fine[0] + xs.first[i]!;
        if (!nearBand[corner]) continue;
        sums.fill(0);
        let inBand = false;
        for (let c = 0; c < 8; c++) {
          const near = corner + offsets[c]!;
          const label = labels[near];
          if (!label || !sameLung(label, own)) continue;
          const weight =
            xs.shares[i * 2 + (c & 1)]! * ys.shares[j * 2 + ((c >> 1) & 1)]! * zs.shares[k * 2 + (c >> 2)]!;
          const b = place[near]!;
          if (b < 0) sums[label - 1]! += weight;
          else {
            inBand = true;
            for (let l = 0; l < sums.length; l++) sums[l]! += weight * probabilities[l]![b]!;
          }
        }
        if (!inBand) continue;
        let best = own - 1;
        for (let l = 0; l < sums.length; l++) if (sums[l]! > sums[best]!) best = l;
        result[index] = best + 1;
      }
}
