/**
 * Hounsfield units in steps, a byte each: good to scroll past, not to measure in. In the windows of the lung and of soft
 * tissue a step is hardly a grey more than the noise; the steps of air and bone, where neither window shows much, are
 * wider, since what a slice costs on its way goes with its bytes.
 */

/** The least HU of each band, and its steps; each band is a whole number of them. */
const BANDS = [
  { from: -1040, step: 32 },
  { from: -944, step: 16 },
  { from: -160, step: 8 },
  { from: 240, step: 32 },
] as const;
const BEYOND = 3088;

const middles = BANDS.flatMap(({ from, step }, n) => {
  const end = BANDS[n + 1]?.from ?? BEYOND;
  return Array.from({ length: (end - from) / step }, (_, k) => from + (k + 0.5) * step);
});

/** The HU in the middle of each step. */
export const HU_OF_STEP: Int16Array = Int16Array.from(middles);

/** The step of each HU, at the place of its 16 bits without a sign; beyond the steps the first or the last. */
export const STEP_OF_HU: Uint8Array = stepOfHu();

function stepOfHu(): Uint8Array {
  const steps = new Uint8Array(1 << 16);
  let step = 0;
  for (let hu = -(1 << 15); hu < 1 << 15; hu++) {
    while (step + 1 < HU_OF_STEP.length && hu >= leastOf(step + 1)) step++;
    steps[hu & 0xffff] = step;
  }
  return steps;
}

function leastOf(step: number): number {
  const middle = HU_OF_STEP[step]!;
  return middle - BANDS.findLast(({ from }) => middle > from)!.step / 2;
}
