/** A strip along the slice slider: the area of each class in each axial slice, so that disease is found at a glance. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ShownClass } from '../../protocol/shownClasses.ts';
import type { SliceView } from '../../protocol/view.ts';
import { colourOf, cssColour } from './palette.ts';

const HEIGHT = 26;

export function StackStrip({
  classes,
  percent,
  slices,
  shown,
}: {
  readonly percent: NonNullable<SliceView['axialPercent']>;
  readonly slices: number;
  readonly classes: readonly ShownClass[];
  readonly shown: ReadonlySet<string>;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, slices, HEIGHT);
    for (let k = 0; k < slices; k++) {
      let bottom = HEIGHT;
      for (const one of classes) {
        const { name } = one;
        if (name === 'normal' || !shown.has(name)) continue;
        const height = ((percent[name]?.[k] ?? 0) / 100) * HEIGHT;
        context.fillStyle = cssColour(colourOf(one));
        context.fillRect(k, bottom - height, 1, height);
        bottom -= height;
      }
    }
  }, [percent, slices, shown]);
  return (
    <canvas
      class="strip"
      ref={canvas}
      width={slices}
      height={HEIGHT}
      role="img"
      aria-label="Area of abnormal lung in each slice, from the feet on the left to the head on the right"
    />
  );
}
