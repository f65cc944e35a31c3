/** A label map in a NIfTI, NRRD or MetaImage file: which of its values stand for what. */
import { basename } from 'node:path';
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Source } from '../../ct/cohort/cohort.ts';
import { nameOfSource } from '../../ct/files/sources.ts';
import type { VolumeFile } from '../../ct/formats/volumeFile.ts';
import type { EditRecord } from '../editing/editRecord.ts';
import type { LabelsAsked, MaskFile, MaskOwner, MaskSegment } from '../maskFile.ts';
import { editRecordOf } from './editedHeader.ts';
import { labelNames } from './labelNames.ts';
import { labelValues } from './labelValues.ts';
import { digestOf, type MaskContext, ownerOf } from './maskContext.ts';
import { knownStructureNamed, structureNamed } from './structures.ts';

const NAMES_SHOWN = 6;

/** Undefined where it is empty. Throws a UserError where it is no mask, or nothing says what its labels are. */
export async function volumeMask(volume: VolumeFile, context: MaskContext, task: Task): Promise<MaskFile | undefined> {
  const { reader, root, problems } = context;
  const { header, source, parts } = volume;
  const sources = parts[0] === source ? [source] : [source, ...parts];
  const values = await labelValues(volume, reader, task);
  problems.push(
    ...header.problems.map((problem) => ({ ...problem, message: `${nameOfSource(source)}: ${problem.message}` })),
  );
  const owner = ownerOf(source, root);
  if (values.every((own) => own.size === 0)) {
    const structure = knownStructureNamed(owner.path.at(-1)!);
    problems.push(
      structure && owner.path.length > 1
        ? info('empty-mask', `${nameOfSource(source)} is empty: its ${structure} has no voxel.`)
        : warning('empty-mask', `${nameOfSource(source)} is empty: all its voxels are 0. It is not used.`),
    );
    if (!structure) return undefined;
    return maskOf(volume, sources, [{ key: 1, structure, isAbsent: true }], context);
  }
  const named = await segmentsOf(volume, values, owner, context);
  if (named.length === 0) throw noNames(source, values, context.labels);
  return maskOf(volume, sources, named, context);
}

async function maskOf(
  volume: VolumeFile,
  sources: readonly Source[],
  segments: readonly MaskSegment[],
  { reader, root }: MaskContext,
): Promise<MaskFile> {
  const { header, source } = volume;
  const edited = await editRecordOf(volume, reader);
  return {
    kind: 'volume',
    sources,
    sha256: await digestOf(sources, reader),
    segments: edited ? segments.map((segment) => namedAsEdited(segment, edited)) : segments,
    owner: ownerOf(source, root),
    grid: { size: header.size, affine: header.affine },
    ...(edited && { edited }),
  };
}

/** The classes that a model brings beside the six are called as it calls them, not as its labels sound. */
function namedAsEdited(segment: MaskSegment, { layer, ownClasses }: EditRecord): MaskSegment {
  const own = layer === 'textures' ? ownClasses[segment.key - TEXTURE_CLASSES.length - 1] : undefined;
  return own ? { ...segment, structure: own.name } : segment;
}

/** lungmask's R231 tells right (1) from left (2); its LTRCLobes have left lobes first. */
const LUNGMASK: Readonly<Record<'lungs' | 'lobes', readonly string[]>> = {
  lungs: ['right-lung', 'left-lung'],
  lobes: ['LUL', 'LLL', 'RUL', 'RML', 'RLL'],
};

async function segmentsOf(
  volume: VolumeFile,
  values: readonly Map<number, number>[],
  owner: MaskOwner,
  { reader, labels, described, problems }: MaskContext,
): Promise<MaskSegment[]> {
  const { source } = volume;
  const all = values.flatMap((own, layer) => [...own.keys()].sort((a, b) => a - b).map((value) => ({ value, layer })));
  if (labels.by === 'lungmask') {
    const names = LUNGMASK[all.some(({ value }) => value > 2) ? 'lobes' : 'lungs'];
    const foreign = all.filter(({ value }) => value > names.length).map(({ value }) => value);
    if (foreign.length)
      throw new UserError(
        'mask-labels',
        `${nameOfSource(source)} has the label ${foreign[0]}, and maps of lungmask have 1 to 5. Say what its labels are: \`labels 1 RUL, 2 RML …\`.`,
      );
    return names.map((structure, n) => ({
      key: n + 1,
      structure,
      ...(!values[0]?.has(n + 1) && { isAbsent: true as const }),
    }));
  }
  const folder = source.file.slice(0, source.file.length - basename(source.file).length);
  const names = [...(await labelNames(volume, reader)), ...(described.get(folder) ?? [])];
  const nameOf = (value: number, layer: number) =>
    names.find((one) => one.value === value && (one.layer ?? 0) === layer)?.name;
  if (labels.by === 'user') {
    const asked = labels.labels;
    const segments = all.flatMap(({ value, layer }): MaskSegment[] => {
      const name = nameOf(value, layer);
      const [, structure] =
        asked.find(([label]) => (typeof label === 'number' ? label === value : label === name)) ?? [];
      return structure === undefined ? [] : [{ key: value, ...layerOf(layer, values), structure }];
    });
    const left = all.filter(({ value, layer }) => !segments.some((s) => s.key === value && (s.layer ?? 0) === layer));
    if (left.length && segments.length)
      problems.push(
        info(
          'mask-labels',
          `${counted(left.length, 'label')} of ${nameOfSource(source)} ${left.length === 1 ? 'is' : 'are'} not used, since \`labels\` does not name ${left.length === 1 ? 'it' : 'them'}: ${atMost(
            left.map(({ value }) => String(value)),
            NAMES_SHOWN,
          )}.`,
        ),
      );
    const absent = asked.flatMap(([label, structure]): MaskSegment[] => {
      const key = typeof label === 'number' ? label : names.find(({ name }) => name === label)?.value;
      return key === undefined || segments.some((s) => s.key === key) ? [] : [{ key, structure, isAbsent: true }];
    });
    return segments.length ? [...segments, ...absent] : [];
  }
  if (names.length)
    return names.map(({ value, layer = 0, name }) => ({
      key: value,
      ...layerOf(layer, values),
      structure: structureNamed(name),
      ...(!values[layer]?.has(value) && { isAbsent: true as const }),
    }));
  // One structure to a file, called by it, as TotalSegmentator writes them.
  const [only] = all;
  if (all.length !== 1 || !only) return [];
  const structure = structureOfPath(owner.path);
  return structure === undefined ? [] : [{ key: only.value, structure }];
}

function layerOf(layer: number, values: readonly unknown[]): { readonly layer?: number } {
  return values.length > 1 ? { layer } : {};
}

/** Of "P01_lung_vessels" the structure is behind the patient; of a file in a folder all of its name may be it. */
function structureOfPath(path: readonly string[]): string | undefined {
  const stem = path.at(-1)!;
  const words = stem.split(/[_\-. ]+/);
  for (let n = 0; n < words.length; n++) {
    const known = knownStructureNamed(words.slice(n).join(' '));
    if (known !== undefined) return known;
  }
  return path.length > 1 ? structureNamed(stem) || undefined : undefined;
}

function noNames(source: Source, values: readonly Map<number, number>[], labels: LabelsAsked): UserError {
  const all = [...new Set(values.flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
  const has = `${nameOfSource(source)} has ${counted(all.length, 'label')} (${atMost(all.map(String), NAMES_SHOWN)})`;
  return new UserError(
    'mask-labels',
    labels.by === 'user'
      ? `${has}, and none of those that \`labels\` names.`
      : `${has} and does not say what ${all.length === 1 ? 'it stands' : 'they stand'} for. Say so: \`labels ${exampleOf(all)}\`, or \`labels lungmask\` for a map of lungmask’s.`,
  );
}

function exampleOf(values: readonly number[]): string {
  const names = values.length >= 4 ? ['RUL', 'RML', 'RLL', 'LUL', 'LLL'] : ['ggo', 'honeycombing', 'emphysema'];
  const shown = values.slice(0, names.length).map((value, n) => `${value} ${names[n]}`);
  return values.length > names.length ? `${shown.join(', ')} …` : shown.join(', ');
}
