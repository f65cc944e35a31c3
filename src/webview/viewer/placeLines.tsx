/** Zones and levels of a measured CT: borders of zones and lines at levels over the pictures, and a list to go to a level. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { regionLabel } from '../../protocol/words/displayNames.ts';
import type { Slice } from './decode.ts';
import { ZONE_LINE } from './palette.ts';
import type { Pane } from './pane.ts';
import { type Placement, toBox } from './viewTransform.ts';

interface Over {
  readonly slice: Slice;
  readonly placement: Placement;
}

/** Drawn in a picture of its own over the slice, pixel on pixel. */
export function ZoneBorders({ slice, placement }: Over): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { zones, width, height } = slice;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !zones) return;
    const image = context.createImageData(width, height);
    const [red, green, blue] = ZONE_LINE;
    for (let p = 0; p < zones.length; p++) {
      const right = (p + 1) % width ? zones[p + 1] : zones[p];
      const below = zones[p + width] ?? zones[p];
      // Where lung ends its own border is seen.
      const isBorder = zones[p] && ((right && right !== zones[p]) || (below && below !== zones[p]));
      if (isBorder) image.data.set([red, green, blue, 255], p * 4);
    }
    context.putImageData(image, 0, 0);
  }, [zones, width, height]);
  if (!zones) return null;
  const { left, top, width: across, height: down } = placement;
  return (
    <canvas
      ref={canvas}
      class="zone-borders"
      width={width}
      height={height}
      role="img"
      aria-label="Borders of zones"
      data-testid="zone-borders"
      style={{ transform: `translate(${left}px, ${top}px) scale(${across / width}, ${down / height})` }}
    />
  );
}

/** In the planes that levels cut. */
export function LevelLines({ pane, slice, placement }: Over & { readonly pane: Pane }): JSX.Element | null {
  const { levels, sliceCounts } = pane.series.view;
  if (!levels || slice.plane === 'axial') return null;
  return (
    <svg class="level-lines" aria-hidden="true" data-testid="level-lines">
      {levels.map(({ level, slice: index, doubt }) => {
        // The head is on top of the picture, and the feet have slice 0.
        const { y } = toBox({ x: 0, y: sliceCounts.axial - index - 0.5 }, placement);
        return (
          <g key={level} class={doubt === undefined ? undefined : 'doubted'}>
            <line x1="0" x2="100%" y1={y} y2={y} />
            <text x="6" y={y - 3}>
              {regionLabel(level)}
              {doubt === undefined ? '' : ' ?'}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** A button for each level, which shows its axial slice. */
export function LevelList({ pane }: { readonly pane: Pane }): JSX.Element | null {
  const { levels } = pane.series.view;
  if (!levels?.length) return null;
  return (
    <fieldset class="levels" data-testid="levels">
      <legend>Levels of visual scores</legend>
      {levels.map(({ level, slice, doubt }) => (
        <button
          key={level}
          type="button"
          data-testid={`level-${level}`}
          title={doubt === undefined ? `Go to axial slice ${slice + 1}` : `May lie elsewhere: ${doubt}`}
          aria-pressed={pane.plane.value === 'axial' && pane.wanted.value === slice}
          onClick={() => pane.goTo(slice, 'axial')}
        >
          {regionLabel(level)}
          {doubt === undefined ? '' : ' ?'}
        </button>
      ))}
    </fieldset>
  );
}
