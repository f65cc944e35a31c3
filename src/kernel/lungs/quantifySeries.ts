/** One CT from Hounsfield units to its measurements: lobes, textures, counts. */

import { freeMemory } from '../base/freeMemory.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { impossibleSize } from '../ct/geometry/possibleSize.ts';
import { isShared, sharedBytes } from '../ct/geometry/sharedArrays.ts';
import { type LabelMap, spacingMm, type Volume } from '../ct/geometry/volume.ts';
import { isAsTrained } from '../inference/asTrained/onCt.ts';
import type { UsedDevice } from '../inference/device.ts';
import type { Model } from '../inference/model.ts';
import { forEachVoxel, type Runs } from '../masks/runs.ts';
import { textureProbabilities } from './classifyTextures.ts';
import { decideSeries } from './decideSeries.ts';
import { NO_DECISIONS } from './decisions.ts';
import { findDoubts } from './doubts.ts';
import { findLandmarks } from './landmarks.ts';
import { lobeGeometry } from './lobeGeometry.ts';
import { cropGrid } from './lungBox.ts';
import { classesOf, lungVoxelsOfLabels, textureBox } from './lungVoxels.ts';
import { measureDensities, measureStructure } from './measure.ts';
import {
  NO_PROBABILITIES,
  type Quantification,
  type StructureRow,
  type TextureProbabilities,
} from './quantification.ts';
import { refineFissures } from './refineFissures.ts';
import { drawLungs } from './segmentLobes.ts';
import { inSlabs } from './slabs/inSlabs.ts';

/** Radii in mm would be millions of voxels, or none. */
function refuseImpossible(volume: Volume): void {
  const reason = impossibleSize(volume.size, spacingMm(volume));
  if (reason !== undefined) throw new UserError('impossible-spacing', reason);
}

/** Textures of a mask, in place of a network. */
export interface GivenTextures {
  /** 1–6 in the order of TEXTURE_CLASSES, then those of `ownClasses`, on the grid of the CT. */
  readonly labels: Uint8Array;
  /** The classes that the mask tells. */
  readonly classes: readonly string[];
  readonly ownClasses: readonly string[];
}

/** What a CT is measured with: networks, or masks on its grid in their place. */
export interface Means {
  /** Given lobes, or whole lungs, are labels in the order of LUNG_PARTS, on the grid of the CT. */
  readonly lobes: Model | Uint8Array;
  readonly textures: Model | GivenTextures;
  /** Structures beside the lobes, which are measured; some of them are taken from the lungs before those are. */
  readonly structures?: readonly GivenStructure[];
}

export interface GivenStructure {
  readonly name: string;
  readonly runs: Runs;
  readonly subtracted: boolean;
}

/** Throws a UserError where there is no lung at all. */
export async function quantifySeries(volume: Volume, means: Means, task: Task): Promise<Quantification> {
  refuseImpossible(volume);
  const start = performance.now();
  const drawn = await lungsOf(volume, means, subtask(task, 0, 0.35));
  freeMemory();
  const afterLobes = performance.now();
  const { lobes, probabilities, ...checked } = await drawn.refined(means.textures, subtask(task, 0.35, 0.9));
  const afterTextures = performance.now();
  task.progress(0.9, 'measuring');
  freeMemory();
  const structures = measureStructures(volume, lobes, means.structures ?? []);
  const isGiven = 'labels' in means.textures;
  const found = 'labels' in means.textures ? means.textures.labels : await mostProbable(lobes, probabilities);
  const voxels = lungVoxelsOfLabels(
    lobes,
    found,
    classesOf('labels' in means.textures ? means.textures : probabilities),
  );
  const { textures, measurements, axialPercent } = decideSeries(voxels, NO_DECISIONS, isGiven);
  // What is most probable is drawn already; of a mask, what lies outside the lobes is left out.
  const decided = isGiven ? textures : found;
  const density = measureDensities(volume, lobes);
  const device = deviceOf([means.lobes, means.textures]);
  const known = new Set<string | null>(
    'labels' in means.textures ? means.textures.classes : means.textures.manifest.output.labels,
  );
  task.progress(1, 'measured');
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    lobes,
    textures: { ...lobes, labels: decided },
    probabilities,
    axialPercent,
    density,
    // Of a class that is not told there is no measurement, rather than 0 %.
    measurements: measurements.filter((row) => known.has(row.class)),
    structures,
    ...checked,
    ...(device && { device }),
    seconds: {
      lobes: seconds(start, afterLobes),
      textures: seconds(afterLobes, afterTextures),
      measure: seconds(afterTextures, performance.now()),
    },
  };
}

/** What the models ran on, where it is not simply the processor. */
function deviceOf(means: readonly (Model | Uint8Array | GivenTextures)[]): UsedDevice | undefined {
  const devices = means.flatMap((by) => ('device' in by ? [by.device] : []));
  return devices.find(({ missed }) => missed !== undefined) ?? devices.find(({ name }) => name !== 'cpu');
}

/** Of each voxel of lung, by its probabilities. */
async function mostProbable(lobes: LabelMap, probabilities: TextureProbabilities): Promise<Uint8Array> {
  const textures = sharedBytes(lobes.labels.length);
  const box = textureBox(lobes);
  if (!box) return textures;
  await inSlabs(
    'classify',
    { lobes, probabilities, box, textures },
    { slices: cropGrid(lobes, box).size[2], shared: isShared(lobes.labels) && isShared(probabilities.bytes) },
  );
  return textures;
}

interface Lungs {
  /** Lobes as they are measured, the probabilities of textures in them, and what the self-checks judge. */
  readonly refined: (
    textures: Means['textures'],
    task: Task,
  ) => Promise<
    { readonly lobes: LabelMap; readonly probabilities: TextureProbabilities } & Pick<
      Quantification,
      'geometry' | 'landmarks' | 'doubts'
    >
  >;
}

async function lungsOf(volume: Volume, { lobes: by }: Means, task: Task): Promise<Lungs> {
  const texturesIn = (lobes: LabelMap, textures: Means['textures'], part: Task) =>
    'labels' in textures ? NO_PROBABILITIES : textureProbabilities(volume, lobes, textures, part);
  if (by instanceof Uint8Array) {
    // A map of its own: structures are taken from it.
    const lobes = { size: volume.size, affine: volume.affine, labels: by.slice() };
    refuseNone(lobes, 'empty-mask', 'The mask has no voxel of the lungs within this CT.');
    return {
      refined: async (textures, part) => ({
        lobes,
        probabilities: await texturesIn(lobes, textures, part),
        geometry: lobeGeometry(lobes),
        landmarks: undefined,
        doubts: undefined,
      }),
    };
  }
  const drawn = await drawLungs(volume, by, task);
  refuseNone(
    drawn.lobes,
    'no-lung',
    'No lung was found in this CT. Look at it with `show`: is it a chest, and are its Hounsfield units right (air near −1000)?',
  );
  return {
    async refined(textures, part) {
      const refine = async () => {
        const lobes = isAsTrained(by) ? drawn.lobes : await refineFissures(volume, drawn.lobes, part.signal);
        return {
          lobes,
          geometry: lobeGeometry(lobes),
          landmarks: findLandmarks(drawn.coarse, lobes),
          doubts: findDoubts(drawn.coarse, lobes, drawn.outsideBodyMl),
        };
      };
      // The network of the textures begins first, so that all else is done while it is at work.
      const textured = texturesIn(drawn.lobes, textures, part);
      const [probabilities, refined] = await Promise.all([textured, refine()]);
      return { probabilities, ...refined };
    },
  };
}

function refuseNone({ labels }: LabelMap, code: 'no-lung' | 'empty-mask', message: string): void {
  if (!labels.some((label) => label > 0)) throw new UserError(code, message);
}

/** Measures each, then takes away those that are subtracted: `lobes` is changed. */
function measureStructures(volume: Volume, lobes: LabelMap, structures: readonly GivenStructure[]): StructureRow[] {
  const rows = structures.map(({ subtracted, ...structure }) => ({
    ...measureStructure(volume, structure, lobes.labels),
    subtracted,
  }));
  for (const { runs, subtracted } of structures)
    if (subtracted)
      forEachVoxel(runs, (voxel) => {
        lobes.labels[voxel] = 0;
      });
  return rows;
}
