/** From percentages to the ordered categories of visual scoring. */

/** 0 none, 1 = 1–24 %, 2 = 25–49 %, 3 = 50–74 %, 4 = 75–100 % (the study's scale). */
export const DEFAULT_CUT_POINTS: readonly number[] = [1, 25, 50, 75];

/** The number of cut points that `percent` reaches: a value equal to a cut goes up. */
export function categoryOf(percent: number, cutPoints: readonly number[]): number {
  return cutPoints.filter((cut) => percent >= cut).length;
}
