/** What is said of one real CT, as it is and spoilt. */
import { unattended } from '../../../src/kernel/base/task.ts';
import { resampleVolume } from '../../../src/kernel/ct/geometry/resample.ts';
import { type LabelMap, type Volume, voxelMl } from '../../../src/kernel/ct/geometry/volume.ts';
import type { Model } from '../../../src/kernel/inference/model.ts';
import { modelSpacing } from '../../../src/kernel/inference/modelSpacing.ts';
import { probabilities } from '../../../src/kernel/inference/run.ts';
import { largestBody } from '../../../src/kernel/lungs/bodyAround.ts';
import { BLOOD_HU, findDoubts } from '../../../src/kernel/lungs/doubts.ts';
import { findLandmarks } from '../../../src/kernel/lungs/landmarks.ts';
import { lobeGeometry } from '../../../src/kernel/lungs/lobeGeometry.ts';
import { type DrawnLungs, drawProbable } from '../../../src/kernel/lungs/segmentLobes.ts';
import { selfChecks } from '../../../src/kernel/lungs/selfChecks.ts';
import { readCt } from '../../training/volumes.ts';
import type { Chest } from './chests.ts';
import { keptOutput } from './keptOutput.ts';
import { flipped, SPOILINGS, type Spoiling } from './spoil.ts';
import type { Case } from './tables.ts';

/** The network of the lobes, and the folder that keeps what it said, so that other rules are tried in a fraction of the time. */
export interface Network {
  readonly model: Model;
  readonly kept: string | undefined;
}

/**
 * The CT as it is, at its own spacing; the others are spoilt at the network's. Borders between lobes are those of the
 * network: no flag hangs on where the fissures are within them.
 */
export async function tryChest(
  { name }: Chest,
  file: string,
  network: Network,
  spoilings: readonly Spoiling[],
): Promise<Case[]> {
  const native = await readCt(file);
  const volume = atSpacing(native, modelSpacing(network.model.manifest.input, native));
  const { lobes } = await draw(volume, network);
  const cases: Case[] = [];
  for (const { name: spoiling, spoil, turned } of spoilings) {
    const spoilt = spoiling === SPOILINGS[0]!.name ? native : spoil({ volume, lobes });
    const lungs = turned && flipped(lobes.labels, lobes.size, turned);
    cases.push({ chest: name, spoiling, ...(await flagsOf(spoilt, network, lungs)) });
  }
  return cases;
}

async function draw(volume: Volume, { model, kept }: Network): Promise<DrawnLungs> {
  const coarse = resampleVolume(volume, modelSpacing(model.manifest.input, volume));
  const planes = await keptOutput(kept, model, coarse, () => probabilities(model, coarse, unattended));
  return drawProbable(volume, { ...coarse, body: largestBody(coarse) }, planes);
}

/** `lungs`: where they are, if that is known. */
async function flagsOf(
  volume: Volume,
  network: Network,
  lungs: Uint8Array | undefined,
): Promise<Omit<Case, 'chest' | 'spoiling'>> {
  const { lobes, coarse, outsideBodyMl } = await draw(volume, network);
  if (!hasLung(lobes)) return { flags: [], landmarks: undefined, doubts: undefined, lungsMl: 0 };
  const geometry = lobeGeometry(lobes);
  const landmarks = findLandmarks(coarse, lobes);
  const doubts = findDoubts(coarse, lobes, outsideBodyMl);
  return {
    flags: selfChecks({ geometry, landmarks, doubts }).map(({ code, message }) => ({ code, message })),
    landmarks,
    doubts,
    lungsMl: geometry.reduce((sum, { volumeMl }) => sum + volumeMl, 0),
    ...(lungs && { bloodMl: bloodMl(volume, lobes, lungs) }),
  };
}

function bloodMl({ hu }: Volume, drawn: LabelMap, lungs: Uint8Array): number {
  const [least, most] = BLOOD_HU;
  let voxels = 0;
  for (let v = 0; v < hu.length; v++) if (drawn.labels[v] && !lungs[v] && hu[v]! > least && hu[v]! < most) voxels++;
  return voxels * voxelMl(drawn);
}

function hasLung({ labels }: LabelMap): boolean {
  return labels.some((label) => label > 0);
}

function atSpacing(volume: Volume, spacing: readonly [number, number, number]): Volume {
  const { hu, ...grid } = resampleVolume(volume, spacing);
  return { ...grid, hu: Int16Array.from(hu, (value) => Math.round(value)) };
}
