/** Who measures the CTs of a `quantify`, where that is not the kernel itself. */
import type { Task } from '../base/task.ts';
import type { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Measuring } from '../lungs/means.ts';

/** A series, and whose it is. */
export interface CtToMeasure {
  readonly patient: string;
  readonly series: Series;
}

export interface Engine {
  /**
   * Has those of the CTs measured that the store lacks. When it is done, each is in the store, or in the reply with the
   * reason why it is not. What measures a CT may be masks, and `meansOf` may throw a UserError for one that has none: it is
   * left to who asks.
   */
  measureAhead(
    cts: readonly CtToMeasure[],
    meansOf: (ct: CtToMeasure) => Measuring,
    task: Task,
  ): Promise<ReadonlyMap<Series, UserError>>;
}
