/** The line below the pictures: which slice is shown, the values at the pointer, and what could not be had. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LUNG_PARTS, ZONES } from '../../protocol/names.ts';
import { type ShownClass, shownClasses } from '../../protocol/shownClasses.ts';
import { regionInText, regionLabel } from '../../protocol/words/displayNames.ts';
import type { Slice } from './decode.ts';
import { isScrolled } from './keptSlices.ts';
import type { Pane } from './pane.ts';
import type { Viewer } from './viewer.ts';
import { type Point, pixelAt } from './viewTransform.ts';

export function Readout({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const pane = viewer.active.value;
  const slice = pane.slice.value;
  const problem = pane.problem.value;
  return (
    <p class="readout" data-testid="readout">
      <SliceNumber viewer={viewer} pane={pane} />
      <span data-testid="values">{valuesAt(slice, pane.point.value, shownClasses(pane.series.view.ownClasses))}</span>
      {problem !== undefined && slice && (
        <span class="pending" role="status">
          {problem}
        </span>
      )}
      {pane.isPending.value && slice && <span class="pending">fetching {pane.wanted.value + 1} …</span>}
      <span role="status" data-testid="viewer-note">
        {viewer.note.value}
      </span>
    </p>
  );
}

/** Of the slice that is shown, never of one that is on its way; pressed, it takes the number of another. */
function SliceNumber({ viewer, pane }: { readonly viewer: Viewer; readonly pane: Pane }): JSX.Element {
  const plane = pane.plane.value;
  const count = pane.count.value;
  const name = plane[0]!.toUpperCase() + plane.slice(1);
  const shown = (pane.slice.value?.index ?? pane.wanted.value) + 1;
  if (!isScrolled(pane))
    return (
      <span data-testid="slice-number">
        {name} {shown} / {count}
      </span>
    );
  if (viewer.isTyping.value) return <SliceInput viewer={viewer} pane={pane} name={name} />;
  return (
    <button
      type="button"
      class="slice-number"
      data-testid="slice-number"
      title="Type the number of a slice (J)"
      onClick={() => {
        viewer.isTyping.value = true;
      }}
    >
      {name} {shown} / {count}
    </button>
  );
}

function SliceInput({
  viewer: { isTyping, say },
  pane,
  name,
}: {
  readonly viewer: Viewer;
  readonly pane: Pane;
  readonly name: string;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const count = pane.count.value;
  // Before the next key, which is meant for it.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const close = () => {
    isTyping.value = false;
  };
  const go = (text: string) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > count)
      say(`There is no slice “${text}”: they go from 1 to ${count}.`);
    else {
      pane.goTo(number - 1);
      const nearest = pane.wanted.peek() + 1;
      if (nearest !== number) say(`Slice ${number} is not in this file: ${nearest} is the nearest.`);
    }
    close();
  };
  return (
    <label class="slice-number">
      {name}{' '}
      <input
        ref={input}
        type="text"
        inputMode="numeric"
        size={String(count).length + 1}
        aria-label={`${name} slice, 1 to ${count}`}
        data-testid="slice-input"
        value={String((pane.slice.value?.index ?? pane.wanted.value) + 1)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') go(event.currentTarget.value.trim());
          if (event.key === 'Escape') close();
        }}
        onBlur={close}
      />{' '}
      / {count}
    </label>
  );
}

/** HU, lobe and texture at a place of the slice. */
export function valuesAt(slice: Slice | undefined, point: Point | undefined, classes: readonly ShownClass[]): string {
  const pixel = slice && point && pixelAt(point, slice);
  if (!slice || pixel === undefined) return 'Point at the picture for HU, lobe and texture.';
  const lobe = slice.lobes?.[pixel];
  const texture = slice.textures?.[pixel];
  const parts = [`${slice.coarse ? 'about ' : ''}${String(slice.hu[pixel]).replace('-', '−')} HU`];
  if (lobe) parts.push(regionLabel(LUNG_PARTS[lobe - 1]!));
  const zone = slice.zones?.[pixel];
  if (zone) parts.push(regionInText(ZONES[zone - 1]!));
  if (texture) parts.push(classes[texture - 1]!.label);
  return parts.join(' · ');
}
