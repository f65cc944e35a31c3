/** The worker thread that holds CT volumes and measures them, so that the kernel itself always answers at once. */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Device } from '../../protocol/devices.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { Plane, Slab } from '../../protocol/view.ts';
import { freeMemory } from '../base/freeMemory.ts';
import { plainCause } from '../base/plainCause.ts';
import { subtask, type Task } from '../base/task.ts';
import { threadsAllowed } from '../base/threads.ts';
import { type Thrown, toSend } from '../base/thrownAcross.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { type LoadedSeries, readSeries } from '../ct/cohort/readSeries.ts';
import { extractSlab } from '../ct/geometry/slab.ts';
import { extractSlice } from '../ct/geometry/slice.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { OpenSession } from '../inference/device.ts';
import { type Model, type ModelFolder, openModel } from '../inference/model.ts';
import { sessionsAt } from '../inference/networkThread.ts';
import { type ComparedParts, compareMaps, type VoxelComparison, type VoxelReading } from '../masks/compareMaps.ts';
import type { GivenMasks, PlacedMasks, WantedMasks } from '../masks/givenMasks.ts';
import { placeMasks } from '../masks/placing/placeMasks.ts';
import { type LesionRow, lesionsOf } from '../registration/lesions.ts';
import { movedLabels } from '../registration/moved.ts';
import { type Moved, movedSlice } from '../registration/movedSlice.ts';
import { register } from '../registration/register.ts';
import type { Registration } from '../registration/registration.ts';
import { type ComparedReadings, type Transition, transitionsOf } from '../registration/transitions.ts';
import {
  type AirRow,
  airOf,
  type ResponseMap,
  responseMap,
  type TrappingThresholds,
} from '../registration/trapping.ts';
import { type Decided, decideSeries } from './decideSeries.ts';
import type { Decisions } from './decisions.ts';
import { estimatedProfile, type LungProfile } from './lungProfile.ts';
import { gatherLungVoxels } from './lungVoxels.ts';
import { type Measuring, meansOf } from './means.ts';
import { measurePlaces, type PlacesRequest } from './places/measurePlaces.ts';
import type { Quantification, TextureProbabilities } from './quantification.ts';
import { quantifySeries } from './quantifySeries.ts';
import { createVoxelsKept } from './voxelsKept.ts';

/** What the worker can be asked, with what it answers. `sha256` names a volume, which may have been put aside: see `Evicted`. */
export interface ImageJobs {
  /** Where `sha256` names a volume that is still in memory, nothing is read. */
  open: { request: { series: Series; sha256?: string }; reply: OpenedSeries };
  /** Reads the CT where it is not in memory: in one turn, so that no other CT comes between. */
  quantify: {
    request: { series: Series; sha256: string } & Measuring;
    reply: Quantification & { remarks: readonly Remark[] };
  };
  /** Lays masks over a grid. */
  place: { request: { grid: Grid; masks: GivenMasks; wanted: WantedMasks }; reply: PlacedMasks };
  compare: {
    request: { grid: Grid; left: VoxelReading; right: VoxelReading; parts: ComparedParts };
    reply: VoxelComparison[];
  };
  /** Keeps the voxels of a measured CT; with Hounsfield units where `sha256` names its volume. */
  gather: {
    request: { key: string; lobes: LabelMap; probabilities: TextureProbabilities; sha256?: string };
    reply: null;
  };
  /** Decides gathered voxels; textures come on the CT's grid where `maps` asks for them, and are empty else. */
  decide: { request: { key: string; decisions: Decisions; maps: boolean }; reply: Decided };
  /** Zones, levels and profiles of a measured CT, whose `textures` are as its notebook decides them; no network runs. */
  places: { request: { sha256: string } & PlacesRequest; reply: ReturnType<typeof measurePlaces> };
  slice: {
    request: { sha256: string; plane: Plane; index: number; slab?: Slab; moved?: Moved };
    reply: { width: number; height: number; hu: Int16Array };
  };
  /** Lays the second CT upon the first. */
  register: { request: { first: MeasuredLungs; second: MeasuredLungs }; reply: Registration };
  /** These need label maps alone. */
  transitions: {
    request: ComparedReadings;
    reply: Transition[];
  };
  lesions: { request: ComparedReadings; reply: LesionRow[] };
  moveLabels: { request: { map: LabelMap } & Moved; reply: LabelMap };
  air: { request: { sha256: string; lobes: LabelMap; thresholds: TrappingThresholds }; reply: AirRow[] };
  respond: {
    request: {
      first: MeasuredLungs;
      second: MeasuredLungs;
      registration: Registration;
      thresholds: TrappingThresholds;
    };
    reply: ResponseMap;
  };
  /** Where the lungs lie, estimated from Hounsfield units. */
  profile: { request: { sha256: string }; reply: LungProfile };
}

/** A volume with the lobes that were found in it. */
export interface MeasuredLungs {
  readonly sha256: string;
  readonly lobes: LabelMap;
}

/** A series in the worker's memory. */
export interface OpenedSeries extends Grid {
  readonly sha256: string;
  /** What only the pixels tell. */
  readonly problems: readonly Remark[];
}

export type ImageJobName = keyof ImageJobs;

export type ToWorker =
  /** The first message: a port to the thread that runs networks. */
  | { type: 'networks'; port: MessagePort }
  | { type: 'job'; id: number; name: ImageJobName; request: ImageJobs[ImageJobName]['request'] }
  | { type: 'abort'; id: number };

export type FromWorker =
  | { type: 'progress'; id: number; fraction: number; message: string }
  | { type: 'done'; id: number; reply: ImageJobs[ImageJobName]['reply'] }
  | { type: 'evicted'; id: number; what: Evicted }
  | { type: 'failed'; id: number; error: Thrown };

/** What a job needs and the worker has put aside to save memory; the image service brings it again. */
export type Evicted = 'volume' | 'voxels';

class EvictedError extends Error {
  readonly what: Evicted;

  constructor(what: Evicted) {
    super(`what a job needs is not in memory: ${what}`);
    this.what = what;
  }
}

/** What such a thread is started with. */
export interface ImageLane {
  /** CTs that it keeps in memory, one of which it may be measuring. */
  readonly volumesKept: number;
  /** Bytes of voxels to decide that it keeps. */
  readonly voxelBytesKept: number;
}

// SAFETY: `createLanes` gives it.
const { volumesKept, voxelBytesKept } = (workerData ?? {}) as ImageLane;
const volumes = new Map<string, LoadedSeries>();
const gathered = createVoxelsKept(voxelBytesKept);
/** The models that were opened, by folder, each with the manifest that it was opened by. */
const models = new Map<string, { manifest: string; model: Promise<Model> }>();
const running = new Map<number, AbortController>();
let openSession: OpenSession | undefined;

const jobs: { [N in ImageJobName]: (request: ImageJobs[N]['request'], task: Task) => Promise<ImageJobs[N]['reply']> } =
  {
    async open({ series, sha256: known }, task) {
      const { volume, sha256, problems } = await loadedSeries(series, known, task);
      return { size: volume.size, affine: volume.affine, sha256, problems };
    },
    async quantify({ series, sha256, ...measuring }, task) {
      const { volume } = await loadedSeries(series, sha256, task);
      const open = (folder: ModelFolder) => model(folder, measuring.device ?? 'cpu');
      const { remarks, ...means } = await meansOf(volume, measuring, open, task);
      return { ...(await quantifySeries(volume, means, subtask(task, 0.1, 1))), remarks };
    },
    async place({ grid, masks, wanted }, task) {
      return placeMasks(masks, grid, wanted, task);
    },
    async compare({ grid, left, right, parts }, task) {
      return compareMaps({ left, right, grid }, parts, task);
    },
    async gather({ key, lobes, probabilities, sha256 }) {
      const hu = sha256 === undefined ? undefined : volumeOf(sha256).hu;
      gathered.keep(key, gatherLungVoxels(lobes, probabilities, hu));
      return null;
    },
    async decide({ key, decisions, maps }) {
      const voxels = gathered.get(key);
      if (!voxels || (decisions.emphysemaBelowHu !== undefined && voxels.hu.length === 0))
        throw new EvictedError('voxels');
      gathered.keep(key, voxels);
      return decideSeries(voxels, decisions, maps);
    },
    async places({ sha256, ...request }) {
      return measurePlaces(volumeOf(sha256), request);
    },
    async slice({ sha256, plane, index, slab, moved }) {
      const volume = volumeOf(sha256);
      const { width, height, pixels } = moved
        ? movedSlice(moved, volume, plane, { index, ...(slab ? { slab } : {}) })
        : slab
          ? extractSlab(volume, plane, index, slab)
          : extractSlice(volume.hu, volume.size, plane, index);
      return { width, height, hu: pixels };
    },
    async profile({ sha256 }) {
      return estimatedProfile(volumeOf(sha256));
    },
    async register({ first, second }, task) {
      return register(lungsOf(first), lungsOf(second), task);
    },
    async transitions(request, task) {
      return transitionsOf(request, task);
    },
    async lesions(request, task) {
      return lesionsOf(request, task);
    },
    async moveLabels({ map, registration, fixed }, task) {
      return movedLabels(registration, map, fixed, task);
    },
    async air({ sha256, lobes, thresholds }, task) {
      return airOf(volumeOf(sha256), lobes, thresholds, task);
    },
    async respond({ first, second, registration, thresholds }, task) {
      return responseMap({ inspired: lungsOf(first), expired: lungsOf(second), registration, thresholds }, task);
    },
  };

/**
 * From memory where `known` names it there. What has been asked for longest ago makes room before another is read. Throws
 * a UserError where the files are no longer those of the CT that `known` names.
 */
async function loadedSeries(series: Series, known: string | undefined, task: Task): Promise<LoadedSeries> {
  const kept = known === undefined ? undefined : volumes.get(known);
  if (!kept)
    for (const oldest of volumes.keys()) {
      if (volumes.size < volumesKept) break;
      volumes.delete(oldest);
    }
  const loaded = kept ?? (await readSeries(series, task));
  if (known !== undefined && loaded.sha256 !== known)
    throw new UserError(
      'ct-changed',
      `The files of the CT ${series.id} are not those that were loaded. Run the cell with \`load\` again.`,
    );
  volumes.delete(loaded.sha256);
  volumes.set(loaded.sha256, loaded);
  return loaded;
}

function lungsOf({ sha256, lobes }: MeasuredLungs) {
  return { ct: volumeOf(sha256), lobes };
}

function volumeOf(sha256: string) {
  const loaded = volumes.get(sha256);
  if (!loaded) throw new EvictedError('volume');
  return loaded.volume;
}

function model(folder: ModelFolder, device: Device): Promise<Model> {
  const manifest = JSON.stringify([folder.manifest, folder.first?.manifest, device]);
  const known = models.get(folder.folder);
  if (known?.manifest === manifest) return known.model;
  const opened = openModel(folder, threadsAllowed(), device, openSession);
  models.set(folder.folder, { manifest, model: opened });
  opened.catch(() => models.delete(folder.folder));
  return opened;
}

/** Large results go to the other thread as they are: nothing here keeps them. */
const LENT: { readonly [N in ImageJobName]?: (reply: ImageJobs[N]['reply']) => readonly Uint8Array[] } = {
  quantify: ({ lobes, textures, probabilities }) => [lobes.labels, textures.labels, probabilities.bytes],
  decide: ({ textures }) => [textures],
};

function lentBy(name: ImageJobName, reply: ImageJobs[ImageJobName]['reply']): ArrayBuffer[] {
  // SAFETY: `reply` is that of the job `name`.
  const lent = (LENT[name] as ((reply: unknown) => readonly Uint8Array[]) | undefined)?.(reply) ?? [];
  const buffers = lent.flatMap(({ buffer }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength > 0 ? [buffer] : [],
  );
  return [...new Set(buffers)];
}

type Post = (message: FromWorker, lent?: readonly ArrayBuffer[]) => void;

async function run({ id, name, request }: Extract<ToWorker, { type: 'job' }>, post: Post): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const task: Task = {
    signal: controller.signal,
    progress: (fraction, message) => post({ type: 'progress', id, fraction, message }),
  };
  try {
    // SAFETY: `name` and `request` come as a pair from ImageService.run, which types them by the same entry of ImageJobs.
    const job = jobs[name] as (request: unknown, task: Task) => Promise<ImageJobs[ImageJobName]['reply']>;
    const reply = await job(request, task);
    if (name === 'open' || name === 'quantify') freeMemory();
    post({ type: 'done', id, reply }, lentBy(name, reply));
  } catch (error) {
    if (error instanceof EvictedError) return post({ type: 'evicted', id, what: error.what });
    post({ type: 'failed', id, error: toSend(plainCause(error) ?? error) });
  } finally {
    running.delete(id);
  }
}

if (parentPort) {
  const port = parentPort;
  const post: Post = (message, lent = []) => port.postMessage(message, lent);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    if (message.type === 'networks') openSession = sessionsAt(message.port);
    else if (message.type === 'abort') running.get(message.id)?.abort();
    else if (message.name === 'slice' || message.name === 'profile') void run(message, post);
    // Reading and measuring go one after another: what a CT takes of memory is taken once.
    else last = last.then(() => run(message, post));
  });
}
