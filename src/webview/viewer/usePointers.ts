/** Hears mouse, pen, fingers and wheel on a picture, and hands them to the tools. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { createFingers } from './fingers.ts';
import { createMouse } from './mouse.ts';
import { BRUSH_STEP } from './painting/keys.ts';
import { resizeBrush } from './painting/tools.ts';
import type { Pane } from './pane.ts';
import { pointAt } from './pointing.ts';
import type { Viewer } from './viewer.ts';
import { type Point, zoomedAt } from './viewTransform.ts';
import { createWheelCount } from './wheel.ts';

/** On the element that the picture is drawn in. */
export function usePointers(element: RefObject<HTMLElement | null>, viewer: Viewer, pane: Pane): void {
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const listening = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(name: K, heard: (event: HTMLElementEventMap[K]) => void) =>
      // Not passive, so that the notebook does not scroll as well; Preact adds its own as passive ones.
      box.addEventListener(name, heard, { signal: listening.signal, passive: false });
    const fingers = createFingers(viewer, pane);
    const mouse = createMouse(viewer, pane);
    const handlersOf = ({ pointerType }: PointerEvent) => (pointerType === 'touch' ? fingers : mouse);
    on('wheel', createWheel(box, viewer, pane));
    on('pointerdown', (event) => {
      viewer.active.value = pane;
      box.setPointerCapture(event.pointerId);
      handlersOf(event).down(event, within(box, event));
    });
    on('pointermove', (event) => handlersOf(event).move(event, within(box, event)));
    on('pointerup', (event) => handlersOf(event).up(event, within(box, event)));
    on('pointercancel', (event) => handlersOf(event).cancel(event));
    on('pointerleave', (event) => {
      // What a finger has read stays when it is lifted.
      if (event.pointerType !== 'touch') pointAt(pane, undefined);
    });
    // The second button enlarges.
    on('contextmenu', (event) => event.preventDefault());
    return () => {
      fingers.giveUp();
      mouse.giveUp();
      listening.abort();
    };
  }, [element, viewer, pane]);
}

function within(box: HTMLElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top } = box.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** Scrolls the slices; with Ctrl, which is also how browsers tell of a pinch on a touchpad, enlarges. */
function createWheel(box: HTMLElement, viewer: Viewer, pane: Pane): (event: WheelEvent) => void {
  const stepsOf = createWheelCount();
  return (event) => {
    if (event.shiftKey && resizesBrush(event, viewer)) return;
    if (event.deltaY === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = within(box, event);
    const frame = pane.frame.peek();
    if (!event.ctrlKey) pane.scroll(stepsOf(event));
    else if (frame) pane.transform.value = zoomedAt(pane.transform.peek(), zoomOf(event), at, frame);
    pointAt(pane, at);
  };
}

/** Browsers tell of a wheel that is turned with Shift as of one across. */
function resizesBrush(event: WheelEvent, viewer: Viewer): boolean {
  const turned = event.deltaY || event.deltaX;
  if (turned === 0 || !resizeBrush(viewer, turned < 0 ? BRUSH_STEP : 1 / BRUSH_STEP)) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** A notch is a quarter more or less; a pinch comes in small steps. */
function zoomOf({ deltaY }: WheelEvent): number {
  return Math.exp(Math.abs(deltaY) < 50 ? -deltaY / 100 : -Math.sign(deltaY) * 0.22);
}
