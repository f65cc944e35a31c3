/** How many texts of a drawn figure cannot be read: they are cut off at its left or right end, or lie on each other. */

/** In pixels, by which boxes of texts reach beyond what is drawn of their letters. */
const SLACK = 2;

type Point = readonly [x: number, y: number];

/** `width` is that of the picture, which stands in `place`, in pixels. */
export function textFaults(place: HTMLElement, width: number): number {
  const { left } = place.getBoundingClientRect();
  const boxes = [...place.querySelectorAll('text')].filter(({ textContent }) => textContent.trim()).map(cornersOf);
  const cut = boxes.filter((corners) => corners.some(([x]) => x < left - SLACK || x > left + width + SLACK));
  const covered = boxes.filter((box, n) => boxes.slice(0, n).some((other) => overlap(box, other)));
  return cut.length + covered.length;
}

/** On the screen, one after the other; of a text that is turned, not those of the upright box around it. */
function cornersOf(text: SVGTextElement): Point[] {
  const { x, y, width, height } = text.getBBox();
  const matrix = text.getScreenCTM();
  const inner: readonly Point[] = [
    [x + SLACK, y + SLACK],
    [x + width - SLACK, y + SLACK],
    [x + width - SLACK, y + height - SLACK],
    [x + SLACK, y + height - SLACK],
  ];
  return inner.map(([own, down]): Point => {
    const at = new DOMPoint(own, down).matrixTransform(matrix ?? undefined);
    return [at.x, at.y];
  });
}

/** Two rectangles lie apart where a line along a side of either divides them. */
export function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  return ![a, b].some((corners) =>
    [0, 1].some((n) => {
      const [[x0, y0], [x1, y1]] = [corners[n]!, corners[n + 1]!];
      const along = (points: readonly Point[]) => points.map(([x, y]) => x * (x1 - x0) + y * (y1 - y0));
      const [ofA, ofB] = [along(a), along(b)];
      return Math.max(...ofA) <= Math.min(...ofB) || Math.max(...ofB) <= Math.min(...ofA);
    }),
  );
}
