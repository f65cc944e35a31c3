/** One slice on the screen: grey canvas, colour canvas over it, orientation letters, a scale bar, and the value under the pointer. */
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { HuWindow, Plane } from '../../protocol/view.ts';
import type { Slice } from './decode.ts';
import { drawGrey, drawOverlay, greyTable, type OverlayOptions } from './draw.ts';

/** Letters at the left, right, top and bottom of each plane. */
const SIDES: Readonly<Record<Plane, readonly [string, string, string, string]>> = {
  axial: ['R', 'L', 'A', 'P'],
  coronal: ['R', 'L', 'H', 'F'],
  sagittal: ['A', 'P', 'H', 'F'],
};
const SCALE_BAR_MM = 50;

export interface PictureProps {
  readonly slice: Slice;
  readonly window: HuWindow;
  /** Undefined for the plain picture. */
  readonly overlay: (OverlayOptions & { readonly opacity: number }) | undefined;
  readonly onPoint: (pixel: number | undefined) => void;
  readonly onScroll: (steps: number) => void;
  readonly onWindow: (window: HuWindow) => void;
  readonly label: string;
}

export function Picture({
  slice,
  window: display,
  overlay,
  onPoint,
  onScroll,
  onWindow,
  label,
}: PictureProps): JSX.Element {
  const grey = useRef<HTMLCanvasElement>(null);
  const colour = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; window: HuWindow } | undefined>(undefined);

  // In the same picture of the browser as the slice's number.
  useLayoutEffect(() => {
    paint(grey.current, slice, (pixels) => drawGrey(slice, greyTable(display), pixels));
  }, [slice, display.centre, display.width]);
  useLayoutEffect(() => {
    if (overlay) paint(colour.current, slice, (pixels) => drawOverlay(slice, overlay, pixels));
  }, [slice, overlay?.shown, overlay?.lobeLines]);
  useWheel(box, onScroll);

  const widthMm = slice.width * slice.pixelWidthMm;
  const heightMm = slice.height * slice.pixelHeightMm;
  const move = (event: PointerEvent & { readonly currentTarget: HTMLDivElement }) => {
    const area = event.currentTarget.getBoundingClientRect();
    const x = Math.floor(((event.clientX - area.left) / area.width) * slice.width);
    const y = Math.floor(((event.clientY - area.top) / area.height) * slice.height);
    onPoint(x >= 0 && y >= 0 && x < slice.width && y < slice.height ? y * slice.width + x : undefined);
    const from = drag.current;
    if (from)
      onWindow({
        centre: Math.round(from.window.centre + (event.clientY - from.y) * 3),
        width: Math.max(20, Math.round(from.window.width + (event.clientX - from.x) * 4)),
      });
  };
  return (
    <div
      class="picture"
      ref={box}
      style={{ aspectRatio: `${widthMm} / ${heightMm}`, maxWidth: `calc(30rem * ${widthMm / heightMm})` }}
      onPointerMove={move}
      onPointerLeave={() => onPoint(undefined)}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY, window: display };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
    >
      <canvas
        ref={grey}
        width={slice.width}
        height={slice.height}
        role="img"
        aria-label={label}
        data-testid="slice-canvas"
        data-plane={slice.plane}
        data-index={slice.index}
      />
      {overlay && (
        <canvas
          ref={colour}
          class="overlay"
          width={slice.width}
          height={slice.height}
          style={{ opacity: overlay.opacity }}
          data-testid="overlay-canvas"
          data-plane={slice.plane}
          data-index={slice.index}
        />
      )}
      <Annotations plane={slice.plane} widthMm={widthMm} />
    </div>
  );
}

/** Letters of the sides, and the scale bar. */
function Annotations({ plane, widthMm }: { readonly plane: Plane; readonly widthMm: number }): JSX.Element {
  const [left, right, top, bottom] = SIDES[plane];
  return (
    <>
      <span class="side left">{left}</span>
      <span class="side right">{right}</span>
      <span class="side top">{top}</span>
      <span class="side bottom">{bottom}</span>
      <span class="scale-bar" style={{ width: `${(SCALE_BAR_MM / widthMm) * 100}%` }}>
        5 cm
      </span>
    </>
  );
}

/** Calls back with 1 and −1 for each turn of the wheel. Preact adds wheel listeners as passive ones, which cannot keep the notebook from scrolling. */
function useWheel(box: RefObject<HTMLDivElement | null>, onScroll: (steps: number) => void): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      event.stopPropagation();
      onScroll(event.deltaY > 0 ? -1 : 1);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [onScroll]);
}

let image: ImageData | undefined;

function paint(
  canvas: HTMLCanvasElement | null,
  { width, height }: Slice,
  draw: (pixels: Uint8ClampedArray) => void,
): void {
  const context = canvas?.getContext('2d');
  if (!context) return;
  // One for all canvases, since each keeps a copy: megabytes a slice that are thrown away hold the browser up.
  if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
  draw(image.data);
  context.putImageData(image, 0, 0);
}
