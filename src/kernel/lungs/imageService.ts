/**
 * What the kernel asks of the threads that read and measure CTs. It brings again what they have put aside to save memory,
 * so that nobody else has to know of it.
 */
import type { Task } from '../base/task.ts';
import { threadsAllowed } from '../base/threads.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { LabelMap } from '../ct/geometry/volume.ts';
import { MOST_AT_ONCE } from './atOnce.ts';
import type { Decided } from './decideSeries.ts';
import type { Decisions } from './decisions.ts';
import { createLanes, EvictedError } from './imageLanes.ts';
import type { Evicted, ImageJobs } from './imageWorker.ts';
import type { MeasuredMaps } from './quantification.ts';

/** A volume that was opened before, and the files to open it from once more. */
export interface OpenedVolume {
  readonly series: Series;
  readonly sha256: string;
}

/** What is asked of an opened volume, beside the volume itself. */
type OfVolume<N extends 'quantify' | 'slice' | 'places' | 'air'> = Omit<ImageJobs[N]['request'], keyof OpenedVolume>;

/** How the voxels of a measured CT are to be decided. */
export interface DecideRequest {
  /** Names the voxels. */
  readonly key: string;
  readonly volume: OpenedVolume;
  readonly decisions: Decisions;
  /** Whether textures are wanted on the CT's grid. */
  readonly maps: boolean;
  /** The maps that were measured, asked for where the voxels are not in memory. */
  readonly measured: () => Promise<MeasuredMaps>;
}

/** A volume with the lobes that were found in it. */
export interface LungsOfVolume {
  readonly volume: OpenedVolume;
  readonly lobes: LabelMap;
}

/** Two CTs of one patient. */
export interface LungPair {
  readonly first: LungsOfVolume;
  readonly second: LungsOfVolume;
}

/**
 * Cancelling rejects at once with the signal's reason; the worker itself stops after its current tile. Where an opened
 * volume has been put aside it is opened again, by a UserError where its files have gone or changed.
 */
export interface ImageService {
  open(series: Series, task: Task): Promise<ImageJobs['open']['reply']>;
  quantify(volume: OpenedVolume, request: OfVolume<'quantify'>, task: Task): Promise<ImageJobs['quantify']['reply']>;
  /** These two need no volume. */
  place(request: ImageJobs['place']['request'], task: Task): Promise<ImageJobs['place']['reply']>;
  compare(request: ImageJobs['compare']['request'], task: Task): Promise<ImageJobs['compare']['reply']>;
  slice(volume: OpenedVolume, request: OfVolume<'slice'>, task: Task): Promise<ImageJobs['slice']['reply']>;
  places(volume: OpenedVolume, request: OfVolume<'places'>, task: Task): Promise<ImageJobs['places']['reply']>;
  /** Where the lungs of a CT lie that was not measured. */
  profile(volume: OpenedVolume, task: Task): Promise<ImageJobs['profile']['reply']>;
  decide(request: DecideRequest, task: Task): Promise<Decided>;
  register(pair: LungPair, task: Task): Promise<ImageJobs['register']['reply']>;
  transitions(request: ImageJobs['transitions']['request'], task: Task): Promise<ImageJobs['transitions']['reply']>;
  lesions(request: ImageJobs['lesions']['request'], task: Task): Promise<ImageJobs['lesions']['reply']>;
  moveLabels(request: ImageJobs['moveLabels']['request'], task: Task): Promise<ImageJobs['moveLabels']['reply']>;
  air(volume: OpenedVolume, request: OfVolume<'air'>, task: Task): Promise<ImageJobs['air']['reply']>;
  respond(
    pair: LungPair,
    request: Pick<ImageJobs['respond']['request'], 'registration' | 'thresholds'>,
    task: Task,
  ): Promise<ImageJobs['respond']['reply']>;
  close(): Promise<void>;
}

/** At 512 × 512 × 600 voxels a volume takes 315 MB; two are enough to look at one and measure another. */
const VOLUMES_KEPT = 2;
/** Of all threads; one large chest takes some 200 MB. */
const VOXEL_BYTES_KEPT = 800e6;

/** `volumesKept`: how many CTs each thread keeps in memory, one of which it may be measuring. */
export function createImageService({ volumesKept = VOLUMES_KEPT } = {}): ImageService {
  const most = Math.min(MOST_AT_ONCE, threadsAllowed());
  const { run, close } = createLanes(most, { volumesKept, voxelBytesKept: VOXEL_BYTES_KEPT / most });

  /** Does a job on volumes, two at most, that may have been put aside; all in the thread of the first. */
  async function onVolumes<T>(volumes: readonly OpenedVolume[], job: () => Promise<T>, task: Task): Promise<T> {
    const home = volumes[0]!.sha256;
    return withoutEvicted('volume', job, async () => {
      for (const { series, sha256 } of volumes) await run('open', { series, sha256 }, task, home);
    });
  }

  const onVolume = <T>(volume: OpenedVolume, job: () => Promise<T>, task: Task) => onVolumes([volume], job, task);
  const onPair = <T>({ first, second }: LungPair, job: () => Promise<T>, task: Task) =>
    onVolumes([first.volume, second.volume], job, task);

  async function gather({ key, volume, decisions, measured }: DecideRequest, task: Task): Promise<void> {
    const { lobes, probabilities } = await measured();
    const { sha256 } = volume;
    if (decisions.emphysemaBelowHu === undefined) await run('gather', { key, lobes, probabilities }, task, sha256);
    else {
      const request = { key, lobes, probabilities, sha256 };
      await onVolume(volume, () => run('gather', request, task, sha256), task);
    }
  }

  return {
    open: (series, task) => run('open', { series }, task),
    quantify: (volume, request, task) => run('quantify', { ...volume, ...request }, task, volume.sha256),
    place: (request, task) => run('place', request, task),
    compare: (request, task) => run('compare', request, task),
    slice: (volume, request, task) =>
      onVolume(volume, () => run('slice', { sha256: volume.sha256, ...request }, task, volume.sha256), task),
    places: (volume, request, task) =>
      onVolume(volume, () => run('places', { sha256: volume.sha256, ...request }, task, volume.sha256), task),
    profile: (volume, task) =>
      onVolume(volume, () => run('profile', { sha256: volume.sha256 }, task, volume.sha256), task),
    decide(request, task) {
      const { key, volume, decisions, maps } = request;
      return withoutEvicted(
        'voxels',
        () => run('decide', { key, decisions, maps }, task, volume.sha256),
        () => gather(request, task),
      );
    },
    register: (pair, task) => onPair(pair, () => run('register', named(pair), task, pair.first.volume.sha256), task),
    transitions: (request, task) => run('transitions', request, task),
    lesions: (request, task) => run('lesions', request, task),
    moveLabels: (request, task) => run('moveLabels', request, task),
    air: (volume, request, task) =>
      onVolume(volume, () => run('air', { sha256: volume.sha256, ...request }, task, volume.sha256), task),
    respond: (pair, request, task) =>
      onPair(pair, () => run('respond', { ...named(pair), ...request }, task, pair.first.volume.sha256), task),
    close,
  };
}

/** Both by the digests of their volumes. */
function named({ first, second }: LungPair) {
  const of = ({ volume: { sha256 }, lobes }: LungsOfVolume) => ({ sha256, lobes });
  return { first: of(first), second: of(second) };
}

/** What others ask of the worker meanwhile may put the same aside again; this often in a row, it will not. */
const ATTEMPTS = 5;

/** What `job` gives; before it is tried again, `bring` brings what it needed and the worker has put aside. */
async function withoutEvicted<T>(what: Evicted, job: () => Promise<T>, bring: () => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await job();
    } catch (error) {
      if (!(error instanceof EvictedError) || error.what !== what || attempt === ATTEMPTS) throw error;
      await bring();
    }
}
