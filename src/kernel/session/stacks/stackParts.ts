/** The slices of CTs, packed for a page: each picture once, however many viewers show it. */
import { evenly, type LabelPart, type PicturePart, type SliceStack } from '../../../protocol/pageSlices.ts';
import type { EncodedSlice } from '../../../protocol/view.ts';
import type { Task } from '../../base/task.ts';
import { lungExtent, sliceWithMostLung } from '../../lungs/lungProfile.ts';
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
  const slicesOf = new Map<string, SliceStack['slices']>();
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
      const places =
        slicesOf.get(pictures) ?? like?.slices ?? (await throughLungs(source, perCt, { ...context, task }));
      slicesOf.set(pictures, places);
      const labels = source.overlay && JSON.stringify([pictures, source.overlay.key]);
      if (!partOf.has(pictures) || (labels !== undefined && !partOf.has(labels))) {
        const slices = await encoded(source, places, context, task);
        if (!partOf.has(pictures)) keep(pictures, slices.map(withoutLabels));
        if (labels !== undefined) keep(labels, slices.map(labelsOf));
      }
      const overlay = labels === undefined ? {} : { labels: partOf.get(labels)! };
      return { slices: places, pictures: partOf.get(pictures)!, ...overlay };
    },
  };
}

/** Axial slices evenly apart, and of each other plane the one with most lung; through the whole CT where no lung is found. */
async function throughLungs(
  source: ViewerSource,
  count: number,
  context: StackContext & { readonly task: Task },
): Promise<SliceStack['slices']> {
  // Of maps that are not the CT's own, its Hounsfield units tell where the lungs are.
  const own = source.overlay?.measured ? source : { ...source, overlay: undefined };
  const profile = await profileOf(own, context);
  const [first, last] = lungExtent(profile, 'axial') ?? [0, source.grid.size[2] - 1];
  return [
    ...evenly(first, last, count).map((index) => ({ plane: 'axial' as const, index })),
    ...(['coronal', 'sagittal'] as const).map((plane) => ({ plane, index: sliceWithMostLung(profile, plane) })),
  ];
}

/** In steps of Hounsfield units. */
export async function encoded(
  source: ViewerSource,
  places: SliceStack['slices'],
  context: StackContext,
  task: Task,
): Promise<EncodedSlice[]> {
  const own = unread(source, context, task);
  return Promise.all(places.map((place) => encodeSlice(context.images, own, { ...place, coarse: true }, task)));
}

function withoutLabels({ lobes: _, textures: __, zones: ___, ...picture }: EncodedSlice): PicturePart[number] {
  return picture;
}

function labelsOf({ lobes, textures, zones }: EncodedSlice): LabelPart[number] {
  return { ...(lobes ? { lobes } : {}), ...(textures ? { textures } : {}), ...(zones ? { zones } : {}) };
}
