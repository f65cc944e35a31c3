/** Do hazard ratios stay the same over time? The score test of Grambsch & Therneau (Biometrika 1994) for a slope over 1 − Kaplan–Meier, as R's `cox.zph` (survival 3) has it. */
import gammainc from '@stdlib/math-base-special-gammainc';
import { Matrix } from 'ml-matrix';
import { defined, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import type { DesignColumn } from './design.ts';
import { kaplanMeier } from './kaplanMeier.ts';
import { inverseOf } from './maximum.ts';
import { eventTimes, type Survival } from './partialLikelihood.ts';

export function proportionalName(column: string): string {
  return `proportional hazards of ${column}, χ²`;
}

/** χ² with one degree of freedom of each column, at the fitted coefficients `beta`; a small p says that its hazard ratio changes. */
export function proportionalHazards(
  columns: readonly DesignColumn[],
  x: Matrix,
  survival: readonly Survival[],
  beta: readonly number[],
): NamedStatistic[] {
  const size = columns.length;
  // The share that had the event before each time.
  const before = new Map<number, number>();
  let survived = 1;
  for (const step of kaplanMeier(survival)) {
    before.set(step.time, 1 - survived);
    survived = step.survival;
  }
  const times = eventTimes(x, survival, beta).map((own) => ({ ...own, g: before.get(own.time)! }));
  const sumOf = (jk: number, power: number) =>
    times.reduce((sum, { information, g }) => sum + g ** power * information[jk]!, 0);
  const inverse = inverseOf(new Matrix(columns.map((_, j) => columns.map((__, k) => sumOf(j * size + k, 0)))));
  return columns.map(({ name }, j): NamedStatistic => {
    const score = times.reduce((sum, { residual, g }) => sum + g * residual[j]!, 0);
    const shared = Matrix.columnVector(columns.map((_, k) => sumOf(j * size + k, 1)));
    const explained = inverse ? shared.transpose().mmul(inverse).mmul(shared).get(0, 0) : 0;
    const variance = sumOf(j * size + j, 2) - explained;
    const label = proportionalName(name);
    if (!inverse || !(variance > 1e-12)) {
      const none = undefinedBecause('there are too few times of events');
      return { name: label, n: survival.length, value: none, p: none };
    }
    const chiSquare = score ** 2 / variance;
    return {
      name: label,
      n: survival.length,
      value: defined(chiSquare),
      p: defined(gammainc(chiSquare / 2, 0.5, true, true)),
      test: { name: 'χ²', value: defined(chiSquare), degreesOfFreedom: [1] },
    };
  });
}
