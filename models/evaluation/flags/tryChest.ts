/** What is said of one real CT, as it is and spoilt. */
import { unattended } from '../../../src/kernel/base/task.ts';
import { resampleVolume } from '../../../src/kernel/ct/geometry/resample.ts';
import type { LabelMap, Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import type { Model } from '../../../src/kernel/inference/model.ts';
import { modelSpacing } from '../../../src/kernel/inference/modelSpacing.ts';
import { findLandmarks } from '../../../src/kernel/lungs/landmarks.ts';
import { lobeGeometry } from '../../../src/kernel/lungs/lobeGeometry.ts';
import { segmentLungs } from '../../../src/kernel/lungs/segmentLobes.ts';
import { selfChecks } from '../../../src/kernel/lungs/selfChecks.ts';
import { readCt } from '../../training/volumes.ts';
import type { Chest } from './chests.ts';
import { SPOILINGS, type Spoiling } from './spoil.ts';
import type { Case } from './tables.ts';

/** The CT as it is, at its own spacing; the others are spoilt at the network's. */
export async function tryChest(
  { name }: Chest,
  file: string,
  model: Model,
  spoilings: readonly Spoiling[] = SPOILINGS,
): Promise<Case[]> {
  const native = await readCt(file);
  const volume = atSpacing(native, modelSpacing(model.manifest.input, native));
  const { lobes } = await segmentLungs(volume, model, unattended);
  const cases: Case[] = [];
  for (const { name: spoiling, spoil } of spoilings) {
    const spoilt = spoiling === SPOILINGS[0]!.name ? native : spoil({ volume, lobes });
    cases.push({ chest: name, spoiling, ...(await flagsOf(spoilt, model)) });
  }
  return cases;
}

async function flagsOf(volume: Volume, model: Model): Promise<Pick<Case, 'flags' | 'landmarks' | 'lungsMl'>> {
  const { lobes, coarse } = await segmentLungs(volume, model, unattended);
  if (!hasLung(lobes)) return { flags: [], landmarks: undefined, lungsMl: 0 };
  const geometry = lobeGeometry(lobes);
  const landmarks = findLandmarks(coarse, lobes);
  return {
    flags: selfChecks({ geometry, landmarks }).map(({ code, message }) => ({ code, message })),
    landmarks,
    lungsMl: geometry.reduce((sum, { volumeMl }) => sum + volumeMl, 0),
  };
}

function hasLung({ labels }: LabelMap): boolean {
  return labels.some((label) => label > 0);
}

function atSpacing(volume: Volume, spacing: readonly [number, number, number]): Volume {
  const { hu, ...grid } = resampleVolume(volume, spacing);
  return { ...grid, hu: Int16Array.from(hu, (value) => Math.round(value)) };
}
