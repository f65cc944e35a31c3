/** Who measures the CTs of a `quantify`, where that is not the kernel itself. */
import type { Device } from '../../protocol/devices.ts';
import type { Task } from '../base/task.ts';
import type { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { ModelFolder } from '../inference/model.ts';

/** A series, and whose it is. */
export interface CtToMeasure {
  readonly patient: string;
  readonly series: Series;
}

export interface MeasuringModels {
  readonly lobes: ModelFolder;
  readonly textures: ModelFolder;
  /** What they are wanted to run on; left out, the processor. */
  readonly device?: Device;
}

export interface Engine {
  /**
   * Has those of the CTs measured that the store lacks. When it is done, each is in the store, or in the reply with the
   * reason why it is not.
   */
  measureAhead(
    cts: readonly CtToMeasure[],
    models: MeasuringModels,
    task: Task,
  ): Promise<ReadonlyMap<Series, UserError>>;
}
