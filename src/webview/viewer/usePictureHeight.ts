/** How high the pictures may be so that they are seen as a whole. */
import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Toolbar, slider and readout are to be seen at the same time. */
const BESIDE_PX = 130;
const LEAST_PX = 300;

/** In CSS pixels: what is seen of the document, which in a notebook is the part of it that VS Code has scrolled to. */
const visible: Signal<number> = signal(window.innerHeight);

/** As wide as high where there is so much room; less where it would not be seen at once. */
export function usePictureHeight(): number {
  useEffect(follow, []);
  return Math.max(LEAST_PX, visible.value - BESIDE_PX);
}

/** An output's document is as long as the notebook: only what of it is in the window says how much one sees. */
function follow(): () => void {
  let observer: IntersectionObserver | undefined;
  const measure = () => {
    observer?.disconnect();
    observer = new IntersectionObserver(([entry]) => {
      if (entry && entry.intersectionRect.height > 0) visible.value = Math.round(entry.intersectionRect.height);
      observer?.disconnect();
    });
    observer.observe(document.documentElement);
  };
  measure();
  // What is taller than the window hears of its height by nothing else.
  const sized = new ResizeObserver(measure);
  sized.observe(document.documentElement);
  return () => {
    sized.disconnect();
    observer?.disconnect();
  };
}
