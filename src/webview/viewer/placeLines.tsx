/** Zones and levels of a measured CT: borders of zones and lines at levels over the pictures, and a list to go to a level. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { regionLabel } from '../../protocol/words/displayNames.ts';
import type { Slice } from './decode.ts';
import { isAxialScrolled } from './keptSlices.ts';
import { cssColour, ZONE_LINE } from './palette.ts';
import type { Pane } from './pane.ts';
import { type Placement, toBox } from './viewTransform.ts';
import { zonePath } from './zonePath.ts';

interface Over {
  readonly slice: Slice;
  readonly placement: Placement;
}

/** Over the slice, as thin as a line of the screen whatever its pixels are. */
export function ZoneBorders({ slice, placement }: Over): JSX.Element | null {
  const { zones, width, height } = slice;
  const path = useMemo(() => zones && zonePath(zones, width), [zones, width]);
  if (!path) return null;
  return (
    <svg
      class="zone-borders"
      role="img"
      aria-label="Borders of zones"
      data-testid="zone-borders"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      style={{
        left: `${placement.left}px`,
        top: `${placement.top}px`,
        width: `${placement.width}px`,
        height: `${placement.height}px`,
      }}
    >
      <path d={path} stroke={cssColour(ZONE_LINE)} />
    </svg>
  );
}

/** Room that a name needs above and below, in pixels. */
const NAME_PIXELS = 13;

/** In the planes that levels cut. */
export function LevelLines({ pane, slice, placement }: Over & { readonly pane: Pane }): JSX.Element | null {
  const { levels, sliceCounts } = pane.series.view;
  if (!levels || slice.plane === 'axial') return null;
  // The head is on top of the picture, and the feet have slice 0.
  const lines = levels.map((own) => ({
    ...own,
    y: toBox({ x: 0, y: sliceCounts.axial - own.slice - 0.5 }, placement).y,
  }));
  return (
    <svg class="level-lines" aria-hidden="true" data-testid="level-lines">
      {lines.map(({ level, doubt, y }, n) => {
        // Of lines that lie close together every second name stands at the other end.
        const isClose = (one: number, other: number) =>
          Math.abs((lines[one]?.y ?? Infinity) - (lines[other]?.y ?? -Infinity)) < NAME_PIXELS;
        let before = 0;
        while (isClose(n - before, n - before - 1)) before++;
        return (
          <g key={level} class={doubt === undefined ? undefined : 'doubted'}>
            <line x1="0" x2="100%" y1={y} y2={y} />
            <text
              x={before % 2 ? '100%' : 0}
              dx={before % 2 ? -24 : 24}
              y={y - 3}
              text-anchor={before % 2 ? 'end' : 'start'}
            >
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
  if (!levels?.length || !isAxialScrolled(pane)) return null;
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
