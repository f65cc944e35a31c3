/** The slices of CTs, packed for a page: each picture once, however many viewers show it. */
import { evenly, type LabelPart, type PicturePart, type SliceStack } from '../../../protocol/pageSlices.ts';
import type { EncodedSlice, SingleSliceView } from '../../../protocol/view.ts';
import type { Task } from '../../base/task.ts';
import { lungExtent } from '../../lungs/lungProfile.ts';
import { encodeSlice } from '../../views/encodeSlice.ts';
import { overlaid, profileOf, type ViewerContext } from '../../views/sliceView.ts';
import type { ViewerSource } from '../../views/viewerSource.ts';

export type StackContext = Omit<ViewerContext, 'task' | 'keepViewer'>;

/** The source as it was before anything of it was read: label maps that it has read stay in memory with it. */
export function unread(source: ViewerSource, context: StackContext, task: Task): ViewerSource {
  const measured = source.overlay?.measured;
  return measured ? { ...source, overlay: overlaid(measured, { ...context, task }) } : source;
}

export function createStackParts(perCt: number, context: StackContext) {
  const parts: string[] = [];
  const indicesOf = new Map<string, readonly number[]>();
  const partOf = new Map<string, number>();

  const keep = (key: string, part: PicturePart | LabelPart) => {
    parts.push(JSON.stringify(part));
    partOf.set(key, parts.length - 1);
  };
  return {
    parts,
    /** `like` has the slices of a CT that is shown slice by slice with this one. */
    async stackOf(source: ViewerSource, like: SliceStack | undefined, task: Task): Promise<SliceStack> {
      const pictures = JSON.stringify([source.grid.sha256, source.moved?.key]);
      const indices =
        indicesOf.get(pictures) ?? like?.indices ?? (await evenlyThroughLungs(source, perCt, { ...context, task }));
      indicesOf.set(pictures, indices);
      const labels = source.overlay && JSON.stringify([pictures, source.overlay.key]);
      if (!partOf.has(pictures) || (labels !== undefined && !partOf.has(labels))) {
        const slices = await encoded(source, indices, context, task);
        if (!partOf.has(pictures)) keep(pictures, slices.map(withoutLabels));
        if (labels !== undefined) keep(labels, slices.map(labelsOf));
      }
      const overlay = labels === undefined ? {} : { labels: partOf.get(labels)! };
      return { indices, pictures: partOf.get(pictures)!, ...overlay };
    },
  };
}

/** Where no lung is found, through the whole CT. */
async function evenlyThroughLungs(
  source: ViewerSource,
  count: number,
  context: StackContext & { readonly task: Task },
): Promise<number[]> {
  // Of maps that are not the CT's own, its Hounsfield units tell where the lungs are.
  const own = source.overlay?.measured ? source : { ...source, overlay: undefined };
  const [first, last] = lungExtent(await profileOf(own, context), 'axial') ?? [0, source.grid.size[2] - 1];
  return evenly(first, last, count);
}

/** In steps of Hounsfield units. */
export async function encoded(
  source: ViewerSource,
  indices: readonly number[],
  context: StackContext,
  task: Task,
): Promise<EncodedSlice[]> {
  const own = unread(source, context, task);
  return Promise.all(
    indices.map((index) => encodeSlice(context.images, own, { plane: 'axial', index, coarse: true }, task)),
  );
}

/** The slices of other planes that a viewer opens with, likewise. */
export async function otherPlanes(
  { slices }: SingleSliceView,
  source: ViewerSource,
  context: StackContext,
  task: Task,
): Promise<EncodedSlice[]> {
  const own = unread(source, context, task);
  const others = slices.filter(({ plane }) => plane !== 'axial');
  return Promise.all(
    others.map(({ plane, index }) => encodeSlice(context.images, own, { plane, index, coarse: true }, task)),
  );
}

function withoutLabels({ lobes: _, textures: __, zones: ___, ...picture }: EncodedSlice): PicturePart[number] {
  return picture;
}

function labelsOf({ lobes, textures, zones }: EncodedSlice): LabelPart[number] {
  return { ...(lobes ? { lobes } : {}), ...(textures ? { textures } : {}), ...(zones ? { zones } : {}) };
}
