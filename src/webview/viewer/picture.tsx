/** One picture on the screen: the slice of a pane in its box, and over it whatever lies at places of the slice. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Annotations } from './annotations.tsx';
import type { Slice } from './decode.ts';
import { useShownSlice } from './differences.ts';
import type { Display } from './draw.ts';
import { createPaint, type Paint } from './paint.ts';
import { isShowingLobes } from './painting/lobesShown.ts';
import type { Pane } from './pane.ts';
import { usePointers } from './usePointers.ts';
import { displayOf, type Viewer } from './viewer.ts';
import { type BoxSize, type Placement, placementOf } from './viewTransform.ts';

export interface PictureProps {
  readonly viewer: Viewer;
  readonly pane: Pane;
  /** The plain picture, whatever the viewer's look. */
  readonly plain?: boolean;
  /** Whose picture it is, where there are two. */
  readonly name?: string | undefined;
  /** Drawn over the slice, told where it lies in the box. */
  readonly over?: (slice: Slice, placement: Placement) => ComponentChildren;
}

export function Picture({ viewer, pane, plain = false, name, over }: PictureProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = useRef<Paint>(undefined);
  const size = useBoxSize(box, pane);
  usePointers(box, viewer, pane);
  const slice = useShownSlice(viewer, pane);
  const display = useDisplay(viewer, pane, plain);
  const place = slice && size && placementOf({ slice, box: size }, pane.transform.value);
  // In the same picture of the browser as the slice's number.
  useLayoutEffect(() => {
    if (!canvas.current || !slice) return;
    paint.current ??= createPaint(canvas.current);
    paint.current(slice, display);
  }, [slice, display]);
  return (
    <div
      class="picture"
      ref={box}
      data-testid="picture"
      data-active={viewer.panes.value.length > 1 && viewer.active.value === pane}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={slice ? labelOf(slice, pane) : 'No slice'}
        data-testid="slice-canvas"
        data-plane={slice?.plane}
        data-index={slice?.index}
        data-overlay={display.overlay !== undefined}
        style={
          slice && place
            ? {
                transform: `translate(${place.left}px, ${place.top}px) scale(${place.width / slice.width}, ${place.height / slice.height})`,
              }
            : { visibility: 'hidden' }
        }
      />
      {slice && place && over?.(slice, place)}
      {slice && place && (
        <Annotations pane={pane} slice={slice} placement={place} window={viewer.window.value} name={name} />
      )}
      {!slice && <p class="waiting">{pane.problem.value ?? 'Fetching the slice …'}</p>}
    </div>
  );
}

/** For who hears the picture instead of seeing it. */
export function labelOf({ plane, index }: Slice, { count, series }: Pane): string {
  const name = plane[0]!.toUpperCase() + plane.slice(1);
  return `${name} slice ${index + 1} of ${count.value} of ${series.view.patient}`;
}

/** The same object until something of it changes, by which the picture knows when to be painted. */
function useDisplay(viewer: Viewer, pane: Pane, plain: boolean): Display {
  const window = viewer.window.value;
  const look = viewer.look.value;
  const areLobesShown = isShowingLobes(viewer);
  return useMemo(() => displayOf(viewer, pane, plain), [viewer, pane, plain, window, look, areLobesShown]);
}

/** The size of the box, followed as it changes, and told to the pane. */
function useBoxSize(box: RefObject<HTMLElement | null>, pane: Pane): BoxSize | undefined {
  const size = useSignal<BoxSize>();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      // Nothing while an output is scrolled out of sight.
      if (!width || !height) return;
      size.value = { width, height };
      pane.box.value = size.value;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, pane, size]);
  return size.value;
}
