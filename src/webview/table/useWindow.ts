/** Draws of a long table only the rows that are in view, and some on either side. */
import { useLayoutEffect, useState } from 'preact/hooks';

/** Tables of no more rows are drawn whole. */
const WHOLE_ROWS = 120;
const ROWS_DRAWN = 60;
/** Rows above those in view when a part is drawn; another is drawn when fewer than SPARE are left on a side. */
const MARGIN = 20;
const SPARE = 5;
/** Until a row has been measured. */
const ROW_PIXELS = 25;

export interface RowWindow {
  readonly first: number;
  /** The row after the last. */
  readonly end: number;
  /** Heights of what is not drawn. */
  readonly above: number;
  readonly below: number;
}

/** `scroller` is what scrolls the rows; `count` is how many there are. */
export function useWindow(scroller: { readonly current: HTMLElement | null }, count: number): RowWindow {
  const [{ first, height }, setPlace] = useState({ first: 0, height: ROW_PIXELS });
  const isWhole = count <= WHOLE_ROWS;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || isWhole) return;
    const follow = () => {
      const rows = element.querySelectorAll<HTMLElement>('tbody tr[aria-rowindex]');
      const drawn = [...rows].reduce((sum, row) => sum + row.offsetHeight, 0);
      const measured = rows.length && drawn ? drawn / rows.length : ROW_PIXELS;
      const top = Math.floor(element.scrollTop / measured);
      const seen = Math.ceil(element.clientHeight / measured);
      setPlace((now) => {
        const hasRoom = (now.first === 0 || top >= now.first + SPARE) && top + seen <= now.first + ROWS_DRAWN - SPARE;
        const next = { first: hasRoom ? now.first : Math.max(0, top - MARGIN), height: measured };
        return next.first === now.first && Math.abs(next.height - now.height) < 0.5 ? now : next;
      });
    };
    follow();
    element.addEventListener('scroll', follow, { passive: true });
    return () => element.removeEventListener('scroll', follow);
  }, [scroller, isWhole, count]);
  if (isWhole) return { first: 0, end: count, above: 0, below: 0 };
  const start = Math.min(first, Math.max(0, count - ROWS_DRAWN));
  const end = Math.min(count, start + ROWS_DRAWN);
  return { first: start, end, above: start * height, below: (count - end) * height };
}
