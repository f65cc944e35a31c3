/** What stands in a picture's corners and at its sides: orientation, slice, window, and a scale bar. */
import type { JSX } from 'preact';
import type { HuWindow, Plane } from '../../protocol/view.ts';
import type { Slice } from './decode.ts';
import type { Pane } from './pane.ts';
import { slabInWords } from './slabs.ts';
import type { Placement } from './viewTransform.ts';

/** Letters at the left, right, top and bottom of each plane. */
export const SIDES: Readonly<Record<Plane, readonly [string, string, string, string]>> = {
  axial: ['R', 'L', 'A', 'P'],
  coronal: ['R', 'L', 'H', 'F'],
  sagittal: ['A', 'P', 'H', 'F'],
};
const SCALE_BARS_MM = [100, 50, 20, 10, 5, 2, 1];
const LONGEST_BAR_PX = 120;

export function Annotations({
  pane,
  slice: { plane, index, slab },
  placement: { pixelsPerMm },
  window,
  name,
}: {
  readonly pane: Pane;
  readonly slice: Slice;
  readonly placement: Placement;
  readonly window: HuWindow;
  readonly name: string | undefined;
}): JSX.Element {
  const [left, right, top, bottom] = SIDES[plane];
  const barMm = barMmOf(pixelsPerMm);
  return (
    // Said in the picture's label and in the line below it.
    <div class="annotations" aria-hidden="true">
      <span class="side left">{left}</span>
      <span class="side right">{right}</span>
      <span class="side top">{top}</span>
      <span class="side bottom">{bottom}</span>
      <span class="corner slice-of">
        {index + 1}/{pane.count.value}
        {slab && <> · {slabInWords(slab)}</>}
        {name !== undefined && <> · {name}</>}
      </span>
      <span class="corner window-of" data-testid="window-numbers">
        {windowInWords(window)}
      </span>
      <span class="scale-bar" style={{ width: `${barMm * pixelsPerMm}px` }}>
        {inMetric(barMm)}
      </span>
    </div>
  );
}

/** The longest scale bar that is not too long, in mm. */
export function barMmOf(pixelsPerMm: number): number {
  return SCALE_BARS_MM.find((mm) => mm * pixelsPerMm <= LONGEST_BAR_PX) ?? SCALE_BARS_MM.at(-1)!;
}

export function inMetric(mm: number): string {
  return mm >= 10 ? `${mm / 10} cm` : `${mm} mm`;
}

/** Centre and width, as radiologists write them. */
export function windowInWords({ centre, width }: HuWindow): string {
  return `C ${String(centre).replace('-', '−')} W ${width}`;
}
