/** Reads the masks of one CT and lays them over its grid: lobes, textures, and other structures. */
import { createHash } from 'node:crypto';
import { LOBES, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { createSourceReader, type SourceReader } from '../../ct/files/sources.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import { type GivenMasks, ownClassesIn, type PlacedMasks, type WantedMasks } from '../givenMasks.ts';
import { asSentence, type MaskFile, type MaskSegment, nameOfMask } from '../maskFile.ts';
import { digestOf } from '../reading/maskContext.ts';
import { isOfLungs, lobeOf } from '../reading/structures.ts';
import { runsOf } from '../runs.ts';
import { layersOf, type PlacedLayer } from './placedLayers.ts';

/** More of one structure than this within another is no border between them. */
const MAX_OVERLAP = 0.05;

/** Throws a UserError where a mask cannot be of this CT, or says the same twice. */
export async function placeMasks(given: GivenMasks, ct: Grid, wanted: WantedMasks, task: Task): Promise<PlacedMasks> {
  const classes = [...TEXTURE_CLASSES, ...ownClassesIn(given).map(({ name }) => name)];
  const isTexture = (structure: string) => classes.includes(structure);
  const isWanted = ({ structure }: MaskSegment) =>
    lobeOf(structure)
      ? wanted.lobes
      : isTexture(structure)
        ? wanted.textures
        : wanted.others.includes(structure) || (wanted.allOfLungs && isOfLungs(structure));
  const files = given.files
    .map((file) => ({ ...file, segments: file.segments.filter(isWanted) }))
    .filter(({ segments }) => segments.length > 0);
  refuseTwice(files);
  const drawing = createDrawing(ct, classes);
  const reader = createSourceReader(task.signal);
  try {
    for (const [n, file] of files.entries()) {
      const part = subtask(task, n / files.length, (n + 1) / files.length);
      part.progress(0, `reading ${nameOfMask(file)}`);
      reader.know(file.sources);
      await refuseChanged(file, reader);
      for await (const layer of layersOf(file, { ...given, grid: ct }, reader, part)) drawing.add(layer);
    }
  } finally {
    reader.close();
  }
  // A model's map that was edited names all classes that were looked for: that one is nowhere is its finding.
  return drawing.finished({ tellsEmpty: files.some(({ edited }) => edited === undefined) });
}

/** Two files that both draw a structure leave open which of them is meant. */
function refuseTwice(files: readonly MaskFile[]): void {
  const first = new Map<string, MaskFile>();
  for (const file of files)
    for (const structure of new Set(file.segments.flatMap((one) => (one.isAbsent ? [] : [one.structure])))) {
      const other = first.get(structure);
      if (other)
        throw new UserError(
          'mask-twice',
          `${structure} is in two masks, ${nameOfMask(other)} and ${nameOfMask(file)}. Keep one of them, or name only the labels that are meant with \`labels\`.`,
        );
      first.set(structure, file);
    }
}

async function refuseChanged(file: MaskFile, reader: SourceReader): Promise<void> {
  const now =
    file.kind === 'volume'
      ? await digestOf(file.sources, reader)
      : createHash('sha256')
          .update(await reader.read(file.sources[0]!))
          .digest('hex');
  if (now !== file.sha256)
    throw new UserError(
      'mask-changed',
      `${nameOfMask(file)} has changed since it was loaded. Run the cell with \`load\` again.`,
    );
}

interface Drawing {
  add(layer: PlacedLayer): void;
  finished(options: { readonly tellsEmpty: boolean }): PlacedMasks;
}

/** `classes` are those of the textures, in the order of their labels. */
function createDrawing(ct: Grid, classes: readonly string[]): Drawing {
  const count = ct.size[0] * ct.size[1] * ct.size[2];
  const maps: { lobes?: Uint8Array; textures?: Uint8Array } = {};
  const others = new Map<string, Uint8Array>();
  const remarks: Remark[] = [];
  /** Voxels of each structure, and those that another had already. */
  const drawn = new Map<string, { voxels: number; overlap: number; with: Set<string> }>();
  const target = (structure: string): { map: Uint8Array; label: number } => {
    const [lobe, texture] = [lobeOf(structure), classes.indexOf(structure) + 1];
    if (lobe) {
      maps.lobes ??= new Uint8Array(count);
      return { map: maps.lobes, label: LOBES.indexOf(lobe) + 1 };
    }
    if (texture) {
      maps.textures ??= new Uint8Array(count);
      return { map: maps.textures, label: texture };
    }
    const own = others.get(structure) ?? new Uint8Array(count);
    others.set(structure, own);
    return { map: own, label: 1 };
  };
  const nameOf = (map: Uint8Array, label: number) => (map === maps.lobes ? LOBES[label - 1]! : classes[label - 1]!);
  return {
    add({ labels, segments, remarks: said }) {
      remarks.push(...said);
      const targets = new Map(segments.map(({ key, structure }) => [key, { structure, ...target(structure) }]));
      const tallies = new Map<string, { voxels: number; overlap: number; with: Set<string> }>();
      for (const { structure } of segments) {
        const tally = drawn.get(structure) ?? { voxels: 0, overlap: 0, with: new Set<string>() };
        drawn.set(structure, tally);
        tallies.set(structure, tally);
      }
      let last = 0;
      let to = targets.get(0);
      for (let v = 0; v < count; v++) {
        const value = labels[v]!;
        if (value === 0) continue;
        if (value !== last) {
          last = value;
          to = targets.get(value);
        }
        if (!to) continue;
        const tally = tallies.get(to.structure)!;
        tally.voxels++;
        const before = to.map[v]!;
        if (before === 0) to.map[v] = to.label;
        else if (before !== to.label) {
          tally.overlap++;
          tally.with.add(nameOf(to.map, before));
        }
      }
    },
    finished({ tellsEmpty }) {
      for (const [structure, { voxels, overlap, with: others }] of drawn) {
        if (overlap === 0) continue;
        const share = overlap / voxels;
        const said = `${structure} and ${allOf([...others])} overlap in ${counted(overlap, 'voxel')}, ${(100 * share).toPrecision(2)} % of ${structure}`;
        if (share > MAX_OVERLAP)
          throw new UserError(
            'mask-overlap',
            `In the masks ${said}. A voxel can be of one of them only: correct the mask, or take one of both with \`labels\`.`,
          );
        remarks.push(warning('mask-overlap', `${said}: they are counted as ${allOf([...others])}.`));
      }
      const empty = [...drawn].flatMap(([structure, { voxels }]) => (voxels === 0 ? [structure] : []));
      if (tellsEmpty && empty.length)
        remarks.push(info('empty-mask', `In the masks there is no voxel of ${atMost(empty, 6)} within this CT.`));
      return {
        lobes: maps.lobes,
        textures: maps.textures,
        others: [...others].map(([own, inside]) => ({ name: own, runs: runsOf(inside, ct.size) })),
        remarks: remarks.map((remark) => ({ ...remark, message: asSentence(remark.message) })),
      };
    },
  };
}
