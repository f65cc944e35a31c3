/** Registration of two CTs with a known deformation between them. */
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { placesIn } from '../../../src/kernel/registration/moved.ts';
import { doubtsOf, LEAST_DICE, MOST_FOLDED_PERCENT } from '../../../src/kernel/registration/quality.ts';
import { register } from '../../../src/kernel/registration/register.ts';
import type { Registration, RegistrationQuality } from '../../../src/kernel/registration/registration.ts';
import { bent, type DrawnCt, drawnPair, forEachPoint } from './pair.ts';

/** Mean distance in mm, over the first lungs, of where points were found from where they are. */
function errorMm(registration: Registration, { ct, lobes }: DrawnCt, truth: ReturnType<typeof bent>): number {
  const placeOf = placesIn(registration, ct, ct);
  const place = new Float64Array(3);
  let [sum, count] = [0, 0];
  forEachPoint((point, v) => {
    if (!lobes.labels[v]) return;
    const [nx, ny] = ct.size;
    placeOf(v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny)), place);
    const found = [0, 1, 2].map((a) => ct.affine[a * 4 + 3]! + 3 * place[a]!);
    sum += Math.hypot(...truth(point).map((value, a) => value - found[a]!));
    count++;
  });
  return sum / count;
}

/** As {@link errorMm}, before registration. */
function apartMm({ lobes }: DrawnCt, truth: ReturnType<typeof bent>): number {
  const distances: number[] = [];
  forEachPoint((point, v) => {
    if (lobes.labels[v]) distances.push(Math.hypot(...truth(point).map((value, a) => value - point[a]!)));
  });
  return distances.reduce((sum, mm) => sum + mm, 0) / distances.length;
}

describe('two CTs with a known deformation', () => {
  it('are laid upon each other to a fraction of a voxel, though density follows from the breath', async () => {
    const truth = bent(14);
    const { first, second } = drawnPair(truth, 1.25);
    const registration = await register(first, second, unattended);
    // Less than a voxel of 3 mm, though these lungs have nothing as fine as a vessel, where the points lay thrice as far apart.
    expect(errorMm(registration, first, truth)).toBeLessThan(2);
    expect(apartMm(first, truth)).toBeGreaterThan(6);
    const { quality } = registration;
    expect(quality.dice).toBeGreaterThan(0.95);
    expect(quality.dice).toBeGreaterThan(quality.diceBefore);
    expect(quality.foldedPercent).toBe(0);
    expect(quality.expansion).toBeGreaterThan(1.1);
    expect(doubtsOf(quality)).toEqual([]);
  });

  it('give the same registration to the byte each time', async () => {
    const { first, second } = drawnPair(bent(6));
    const [a, b] = [await register(first, second, unattended), await register(first, second, unattended)];
    expect(Buffer.from(a.steps.buffer).equals(Buffer.from(b.steps.buffer))).toBe(true);
    expect(a.toMoving).toEqual(b.toMoving);
  });

  it('end at once when they are interrupted, and let others have their turn', async () => {
    const { first, second } = drawnPair(bent(6));
    const controller = new AbortController();
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    const told: string[] = [];
    const progress = (fraction: number, message: string) => {
      told.push(message);
      if (fraction > 0.12) controller.abort(new Error('stopped'));
    };
    await expect(register(first, second, { signal: controller.signal, progress })).rejects.toThrow('stopped');
    clearInterval(turn);
    expect(turns).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(
      new Set([
        'looking at the lungs',
        'laying the lungs upon each other as they are',
        'laying the lungs upon each other',
      ]),
    );
  });

  it('are refused where one has no lungs', async () => {
    const { first, second } = drawnPair(bent(0));
    const none = { ...second, lobes: { ...second.lobes, labels: new Uint8Array(second.lobes.labels.length) } };
    await expect(register(first, none, unattended)).rejects.toThrow('The second of both CTs has no lungs');
  });
});

describe('a registration that is poor', () => {
  const good: RegistrationQuality = {
    diceBefore: 0.8,
    dice: LEAST_DICE,
    meanHuDifference: 10,
    foldedPercent: MOST_FOLDED_PERCENT,
    correlation: 0.9,
    expansion: 1,
  };

  it('is told by what the lungs overlap, and by folded space', () => {
    expect(doubtsOf(good)).toEqual([]);
    expect(doubtsOf({ ...good, dice: 0.8999 })).toMatchObject([
      { code: 'registration-poor', message: expect.stringContaining('a Dice of 0.8999 alone, where 0.9 is the least') },
    ]);
    expect(doubtsOf({ ...good, foldedPercent: 1.2 })).toMatchObject([
      { code: 'registration-poor', message: expect.stringContaining('1.2 % of the lungs are folded') },
    ]);
  });

  it('is found where one CT shows half of the lungs', async () => {
    const { first, second } = drawnPair(bent(0));
    const labels = second.lobes.labels.map((label, v) => (Math.floor(v / (44 * 34)) < 24 ? 0 : label));
    const { quality } = await register(first, { ...second, lobes: { ...second.lobes, labels } }, unattended);
    expect(quality.dice).toBeLessThan(LEAST_DICE);
  });
});
