/** Where two overlays of one CT differ. */
import { useMemo } from 'preact/hooks';
import type { Slice } from './decode.ts';
import { isShowingLobes, pictured } from './painting/lobesShown.ts';
import type { Pane } from './pane.ts';
import type { Viewer } from './viewer.ts';

/** The slice with textures where those of the other are not the same, and without lung elsewhere. */
export function differing(slice: Slice, other: Slice): Slice {
  const { textures } = slice;
  if (!textures || !other.textures || textures.length !== other.textures.length) return slice;
  const theirs = other.textures;
  return { ...slice, textures: textures.map((texture, p) => (texture === theirs[p] ? 0 : texture)) };
}

/** The pane's slice as it is to be drawn: where differences are looked for, with nothing but them in colour. */
export function useShownSlice(viewer: Viewer, pane: Pane): Slice | undefined {
  const slice = pane.slice.value;
  const areLobesShown = isShowingLobes(viewer);
  const other = comparedWith(viewer, pane, slice);
  return useMemo(() => slice && drawnAs(slice, other, areLobesShown), [slice, other, areLobesShown]);
}

/** The slice as it is drawn at the moment. */
export function shownSlice(viewer: Viewer, pane: Pane, slice: Slice): Slice {
  return drawnAs(slice, comparedWith(viewer, pane, slice), isShowingLobes(viewer));
}

function drawnAs(slice: Slice, other: Slice | undefined, areLobesShown: boolean): Slice {
  return pictured(other ? differing(slice, other) : slice, areLobesShown);
}

/** The same slice in the other pane, where differences are looked for. */
function comparedWith({ look, link, panes }: Viewer, pane: Pane, slice: Slice | undefined): Slice | undefined {
  const other = link && panes.value.find((one) => one !== pane)?.slice.value;
  const isAsked = look.value.difference && other?.plane === slice?.plane && other?.index === slice?.index;
  return isAsked ? other : undefined;
}
