/** What a CT is measured with, as a notebook says it: models, masks in their place, and structures to measure and to take away. */
import type { Device } from '../../protocol/devices.ts';
import { LOBES, LUNG_PARTS, TEXTURE_CLASSES, WHOLE_LUNGS } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { allOf, atMost } from '../../protocol/words/lists.ts';
import { info } from '../base/remarks.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Grid } from '../ct/geometry/volume.ts';
import type { Model, ModelFolder } from '../inference/model.ts';
import { ownClassesOf } from '../inference/output.ts';
import { type GivenMasks, ownClassesIn, type PlacedMasks, type WantedMasks } from '../masks/givenMasks.ts';
import { placeMasks } from '../masks/placing/placeMasks.ts';
import { forEachVoxel } from '../masks/runs.ts';
import type { GivenStructure, Means } from './quantifySeries.ts';

/** Of one CT. */
export interface Measuring {
  readonly lobes: ModelFolder | GivenMasks;
  readonly textures: ModelFolder | GivenMasks;
  /** Structures beside the lungs from masks; some are taken away before the lungs are measured. */
  readonly beside?: {
    readonly names: readonly string[];
    readonly subtracted: readonly string[];
    readonly masks: readonly GivenMasks[];
  };
  /** What the user wants models to run on; left out, the processor. */
  readonly device?: Device;
}

export function isModel(by: ModelFolder | GivenMasks): by is ModelFolder {
  return 'manifest' in by;
}

/** The texture classes that a model brings beside the six, or brought before its map was edited by hand. */
export function classesBrought({ textures }: Pick<Measuring, 'textures'>): readonly OwnClass[] {
  return isModel(textures) ? ownClassesOf(textures.manifest) : ownClassesIn(textures);
}

/** The masks among what measures a CT, each once. */
export function masksOf({ lobes, textures, beside }: Measuring): GivenMasks[] {
  const all = [...[lobes, textures].flatMap((by) => (isModel(by) ? [] : [by])), ...(beside?.masks ?? [])];
  return all.filter((masks, n) => all.findIndex(({ digest }) => digest === masks.digest) === n);
}

/** Opens models and lays masks over the grid. Throws a UserError where masks lack what is asked of them. */
export async function meansOf(
  ct: Grid,
  measuring: Measuring,
  open: (folder: ModelFolder) => Promise<Model>,
  task: Task,
): Promise<Means & { readonly remarks: readonly Remark[] }> {
  const { lobes, textures, beside } = measuring;
  const all = masksOf(measuring);
  const placed = new Map<string, PlacedMasks>();
  for (const [n, masks] of all.entries()) {
    const wanted: WantedMasks = {
      lobes: masks === lobes || (!isModel(lobes) && masks.digest === lobes.digest),
      textures: !isModel(textures) && masks.digest === textures.digest,
      others: beside?.names ?? [],
      allOfLungs: true,
    };
    placed.set(
      masks.digest,
      await placeMasks(masks, ct, wanted, subtask(task, (0.1 * n) / all.length, (0.1 * (n + 1)) / all.length)),
    );
  }
  const of = (masks: GivenMasks) => placed.get(masks.digest)!;
  refuseUnknown(beside, all);
  const subtracted = new Set(beside?.subtracted);
  return {
    lobes: isModel(lobes) ? await open(lobes) : lobesOf(lobes, of(lobes), ct),
    textures: isModel(textures) ? await open(textures) : texturesOf(textures, of(textures)),
    structures: structuresOf(all.map(of), subtracted),
    remarks: [
      ...[...placed.values()].flatMap(({ remarks }) => remarks),
      ...(!isModel(lobes) && hasWholeLungsAlone(lobes) ? [WHOLE_LUNGS_ALONE] : []),
    ],
  };
}

const WHOLE_LUNGS_ALONE = info(
  'mask-incomplete',
  'The masks tell right and left lung, and no lobes: measured are both together (`total`), `right-lung` and `left-lung`.',
);

/** Right and left lung are declared, and no lobe is. */
function hasWholeLungsAlone(masks: GivenMasks): boolean {
  const known = declared(masks);
  return WHOLE_LUNGS.every((name) => known.has(name)) && !LOBES.some((name) => known.has(name));
}

function declared({ files }: GivenMasks): Set<string> {
  return new Set(files.flatMap(({ segments }) => segments.map(({ structure }) => structure)));
}

function refuseUnknown(beside: Measuring['beside'], all: readonly GivenMasks[]): void {
  const known = new Set(all.flatMap((masks) => [...declared(masks)]));
  const missing = (beside?.names ?? []).filter((name) => !known.has(name));
  if (missing.length)
    throw new UserError('mask-incomplete', `The masks have no ${allOf(missing)}; they have ${atMost([...known], 8)}.`);
}

/** Lobes, or whole lungs where there are no lobes. Of half a set of lobes the rest would be called no lung. */
function lobesOf(masks: GivenMasks, { lobes, others }: PlacedMasks, { size }: Grid): Uint8Array {
  if (hasWholeLungsAlone(masks)) return wholeLungs(others, size[0] * size[1] * size[2]);
  const known = declared(masks);
  const missing = LOBES.filter((lobe) => !known.has(lobe));
  if (lobes && missing.length === 0) return lobes;
  const lungs = [...known].filter((name) => /lung/.test(name));
  throw new UserError(
    'mask-incomplete',
    missing.length === LOBES.length
      ? `The masks of \`${masks.name}\` have no lobes${lungs.length ? ` (${allOf(lungs)} alone)` : ''}, and what is measured has a place in the lungs. Take the lobes from a network, or load masks that have all five, or right and left lung by themselves (\`labels 1 right-lung, 2 left-lung\`).`
      : `The masks of \`${masks.name}\` have no ${allOf(missing)}: a file may be missing, or a label is not named. Where a lobe was removed, name a label that the map does not have: \`labels 9 ${missing[0]}\`.`,
  );
}

/** A voxel that both claim is of the right one. */
function wholeLungs(others: PlacedMasks['others'], voxels: number): Uint8Array {
  const labels = new Uint8Array(voxels);
  for (const name of WHOLE_LUNGS) {
    const label = LUNG_PARTS.indexOf(name) + 1;
    const own = others.find((other) => other.name === name);
    if (own) forEachVoxel(own.runs, (v) => (labels[v] ||= label));
  }
  return labels;
}

function texturesOf(masks: GivenMasks, { textures }: PlacedMasks): Exclude<Means['textures'], Model> {
  const known = declared(masks);
  const classes = TEXTURE_CLASSES.filter((name) => known.has(name));
  const ownClasses = ownClassesIn(masks).map(({ name }) => name);
  if (textures && classes.length) return { labels: textures, classes: [...classes, ...ownClasses], ownClasses };
  throw new UserError(
    'mask-incomplete',
    `The masks of \`${masks.name}\` have no textures. Name their labels with \`labels\`, or take the textures from a network.`,
  );
}

function structuresOf(placed: readonly PlacedMasks[], subtracted: ReadonlySet<string>): GivenStructure[] {
  const all = placed.flatMap(({ others }) => others);
  return all.map(({ name, runs }) => ({ name, runs, subtracted: subtracted.has(name) }));
}
