/** The slider along the slices of the active picture, with the area of each class over it. */
import type { JSX } from 'preact';
import { shownClasses } from '../../protocol/shownClasses.ts';
import { Range } from '../range.tsx';
import { isScrolled } from './keptSlices.ts';
import { StackStrip } from './stackStrip.tsx';
import type { Viewer } from './viewer.ts';

export function Scrubber({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const pane = viewer.active.value;
  const { axialPercent, ownClasses } = pane.series.view;
  const plane = pane.plane.value;
  const count = pane.count.value;
  const index = pane.wanted.value;
  if (!isScrolled(pane)) return null;
  return (
    <div class="scrubber">
      {axialPercent && plane === 'axial' && (
        <StackStrip
          percent={axialPercent}
          slices={count}
          classes={shownClasses(ownClasses)}
          shown={viewer.look.value.shown}
        />
      )}
      <Range
        min={0}
        max={count - 1}
        value={index}
        aria-label={`${plane[0]!.toUpperCase()}${plane.slice(1)} slice`}
        aria-valuetext={`${index + 1} of ${count}`}
        data-testid="slice-slider"
        onInput={({ currentTarget }) => {
          pane.goTo(Number(currentTarget.value));
          // The nearest that is there may be the one that was shown.
          currentTarget.value = String(pane.wanted.peek());
        }}
      />
    </div>
  );
}
