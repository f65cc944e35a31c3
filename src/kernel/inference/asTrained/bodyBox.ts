/** The rectangle of the body in an axial slice, as lungmask finds it: on 128 × 128 pixels, the largest dense part without its holes. */
import { cornerWeights } from './zoomWeights.ts';

/** First row and column, and those behind the last. */
export interface BodyBox {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

const SIDE = 128;
const BODY_HU = -500;
/** Pixels by which thin bridges, such as that to the table, are cut. */
const OPENING = 2;

/** The whole slice where nothing of it is body. */
export function bodyBox(hu: Int16Array, width: number, height: number): BodyBox {
  const columns = cornerWeights(width, SIDE, 0).first;
  const rows = cornerWeights(height, SIDE, 0).first;
  const dense = new Uint8Array(SIDE * SIDE);
  for (let j = 0, p = 0; j < SIDE; j++)
    for (let i = 0; i < SIDE; i++, p++) dense[p] = hu[rows[j]! * width + columns[i]!]! > BODY_HU ? 1 : 0;
  const solid = withoutHoles(grown(grown(dense, 1), 0));
  let body = solid;
  for (let n = 0; n < OPENING; n++) body = grown(body, 0);
  body = largestPart(body);
  for (let n = 0; n < OPENING; n++) body = grown(body, 1);
  const inRow = Array.from({ length: SIDE }, (_, j) => body.subarray(j * SIDE, (j + 1) * SIDE).includes(1));
  const inColumn = Array.from({ length: SIDE }, (_, i) => inRow.some((_, j) => body[j * SIDE + i]));
  const [x, y] = [bounds(inColumn, width), bounds(inRow, height)];
  return x && y ? { x0: x[0], x1: x[1], y0: y[0], y1: y[1] } : { x0: 0, x1: width, y0: 0, y1: height };
}

/** First pixel of the slice, and that behind the last, whose nearest of the small picture's is in the body. */
function bounds(isBody: readonly boolean[], length: number): [number, number] | undefined {
  const inside = Array.from(cornerWeights(SIDE, length, 0).first, (small) => isBody[small]);
  const first = inside.indexOf(true);
  return first === -1 ? undefined : [first, inside.lastIndexOf(true) + 1];
}

/** Grows what is 1 by the four neighbours (`value` 1), or shrinks it (0); outside the picture is 0. */
function grown(picture: Uint8Array, value: 0 | 1): Uint8Array {
  return picture.map((own, p) => {
    const [i, j] = [p % SIDE, Math.floor(p / SIDE)];
    const neighbours = [
      own,
      i > 0 ? picture[p - 1]! : 0,
      i < SIDE - 1 ? picture[p + 1]! : 0,
      j > 0 ? picture[p - SIDE]! : 0,
      j < SIDE - 1 ? picture[p + SIDE]! : 0,
    ];
    return neighbours.includes(value) ? value : 1 - value;
  });
}

/** Background that no way leads to from outside, corners included, becomes 1. */
function withoutHoles(picture: Uint8Array): Uint8Array {
  const outside = new Uint8Array(picture.length);
  const border = [...picture.keys()].filter((p) => {
    const [i, j] = [p % SIDE, Math.floor(p / SIDE)];
    return i === 0 || j === 0 || i === SIDE - 1 || j === SIDE - 1;
  });
  flood(
    border,
    (p) => !picture[p] && !outside[p],
    true,
    (p) => {
      outside[p] = 1;
    },
  );
  return outside.map((out) => 1 - out);
}

/** The largest part by its four neighbours; of several the first. */
function largestPart(picture: Uint8Array): Uint8Array {
  const seen = new Uint8Array(picture.length);
  let largest: number[] = [];
  for (const p of picture.keys()) {
    const part: number[] = [];
    flood(
      [p],
      (q) => picture[q] === 1 && !seen[q],
      false,
      (q) => {
        seen[q] = 1;
        part.push(q);
      },
    );
    if (part.length > largest.length) largest = part;
  }
  const result = new Uint8Array(picture.length);
  for (const p of largest) result[p] = 1;
  return result;
}

/** Visits, once each, what `isOpen` lets through from the starts on. */
function flood(
  starts: readonly number[],
  isOpen: (p: number) => boolean,
  corners: boolean,
  visit: (p: number) => void,
) {
  const waiting = [...starts];
  for (let p = waiting.pop(); p !== undefined; p = waiting.pop()) {
    if (!isOpen(p)) continue;
    visit(p);
    const [i, j] = [p % SIDE, Math.floor(p / SIDE)];
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++) {
        if (!corners && di !== 0 && dj !== 0) continue;
        if (i + di >= 0 && i + di < SIDE && j + dj >= 0 && j + dj < SIDE) waiting.push(p + dj * SIDE + di);
      }
  }
}
