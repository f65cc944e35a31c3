/** One CT from Hounsfield units to its measurements: lobes, textures, counts. */
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { impossibleSize } from '../ct/geometry/possibleSize.ts';
import { spacingMm, type Volume } from '../ct/geometry/volume.ts';
import { isAsTrained } from '../inference/asTrained/onCt.ts';
import type { UsedDevice } from '../inference/device.ts';
import type { Model } from '../inference/model.ts';
import { textureProbabilities } from './classifyTextures.ts';
import { decideSeries } from './decideSeries.ts';
import { NO_DECISIONS } from './decisions.ts';
import { findDoubts } from './doubts.ts';
import { findLandmarks } from './landmarks.ts';
import { lobeGeometry } from './lobeGeometry.ts';
import { gatherLungVoxels } from './lungVoxels.ts';
import { measureDensities } from './measure.ts';
import type { Quantification } from './quantification.ts';
import { refineFissures } from './refineFissures.ts';
import { drawLungs } from './segmentLobes.ts';

/** Radii in mm would be millions of voxels, or none. */
function refuseImpossible(volume: Volume): void {
  const reason = impossibleSize(volume.size, spacingMm(volume));
  if (reason !== undefined) throw new UserError('impossible-spacing', reason);
}

/** Throws a UserError where the network finds no lung at all. */
export async function quantifySeries(
  volume: Volume,
  models: { lobes: Model; textures: Model },
  task: Task,
): Promise<Quantification> {
  refuseImpossible(volume);
  const start = performance.now();
  const drawn = await drawLungs(volume, models.lobes, subtask(task, 0, 0.35));
  const lungs = drawn.lobes;
  if (!lungs.labels.some((label) => label > 0))
    throw new UserError(
      'no-lung',
      'No lung was found in this CT. Look at it with `show`: is it a chest, and are its Hounsfield units right (air near −1000)?',
    );
  const afterLobes = performance.now();
  const [lobes, probabilities] = await Promise.all([
    isAsTrained(models.lobes) ? lungs : refineFissures(volume, lungs, task.signal),
    textureProbabilities(volume, lungs, models.textures, subtask(task, 0.35, 0.9)),
  ]);
  const afterTextures = performance.now();
  task.progress(0.9, 'measuring');
  const voxels = gatherLungVoxels(lobes, probabilities, volume.hu);
  const { textures, measurements, axialPercent } = decideSeries(voxels, NO_DECISIONS, true);
  const density = measureDensities(volume, lobes);
  const known = new Set<string | null>(models.textures.manifest.output.labels);
  const geometry = lobeGeometry(lobes);
  const landmarks = findLandmarks(drawn.coarse, lobes);
  const doubts = findDoubts(drawn.coarse, lobes, drawn.outsideBodyMl);
  const device = deviceOf([models.lobes, models.textures]);
  task.progress(1, 'measured');
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    lobes,
    textures: { ...lobes, labels: textures },
    probabilities,
    axialPercent,
    density,
    // Of a class that the model does not know there is no measurement, rather than 0 %.
    measurements: measurements.filter((row) => known.has(row.class)),
    geometry,
    landmarks,
    doubts,
    ...(device && { device }),
    seconds: {
      lobes: seconds(start, afterLobes),
      textures: seconds(afterLobes, afterTextures),
      measure: seconds(afterTextures, performance.now()),
    },
  };
}

/** What the models ran on, where it is not simply the processor. */
function deviceOf(models: readonly Model[]): UsedDevice | undefined {
  const devices = models.map(({ device }) => device);
  return devices.find(({ missed }) => missed !== undefined) ?? devices.find(({ name }) => name !== 'cpu');
}
