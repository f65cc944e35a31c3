/** Checks that sheets stand out against vessels, edges and noise, whatever way they face. */
import { expect, it } from 'vitest';
import { sheetness } from '../../../src/kernel/lungs/sheetness.ts';

const N = 33;
const MIDDLE = 16;
const size = [N, N, N] as const;
const everywhere = new Uint8Array(N ** 3).fill(1);
const centre = Int32Array.of((MIDDLE * N + MIDDLE) * N + MIDDLE);
/** All voxels that a sheet at the centre could be confirmed by. */
const around = Int32Array.from({ length: 15 ** 3 }, (_, n) => {
  const [i, j, k] = [n % 15, Math.floor(n / 15) % 15, Math.floor(n / 225)].map((p) => p + MIDDLE - 7);
  return (k! * N + j!) * N + i!;
});

/** Sheetness at the centre of lung with something denser where `shape` is near 1. */
function atCentre(shape: (x: number, y: number, z: number) => number): number {
  const hu = Float32Array.from({ length: N ** 3 }, (_, v) => {
    const [x, y, z] = [v % N, Math.floor(v / N) % N, Math.floor(v / N ** 2)].map((p) => p - MIDDLE);
    return -870 + 200 * shape(x!, y!, z!);
  });
  return sheetness(hu, everywhere, size, around)[around.indexOf(centre[0]!)]!;
}

const ridge = (distance: number) => Math.max(0, 1 - Math.abs(distance) / 1.2);

it.each([
  ['along an axis', (_x: number, _y: number, z: number) => ridge(z)],
  ['oblique', (x: number, y: number, z: number) => ridge((x + y + 2 * z) / Math.sqrt(6))],
] as const)('sees a sheet: %s', (_name, sheet) => {
  const tube = atCentre((x, y) => ridge(Math.hypot(x, y)));
  const edge = atCentre((x) => (x > 0 ? 1 : 0));
  expect(atCentre(sheet)).toBeGreaterThan(10);
  expect(atCentre(sheet)).toBeGreaterThan(4 * tube);
  expect(atCentre(sheet)).toBeGreaterThan(4 * edge);
});

it('sees none in even lung, and none where the density sinks', () => {
  expect(atCentre(() => 0)).toBe(0);
  expect(atCentre((_x, _y, z) => -ridge(z))).toBe(0);
});

it('takes the edge of the lung for no sheet', () => {
  const labels = Uint8Array.from({ length: N ** 3 }, (_, v) => (v % N > MIDDLE ? 0 : 1));
  const hu = Float32Array.from(labels, (label) => (label ? -870 : 40));
  const sheets = sheetness(
    hu,
    labels,
    size,
    around.filter((v) => labels[v] === 1),
  );
  expect(Math.max(...sheets)).toBeLessThan(1);
});
