/** Air trapping of one patient, from the cache where the same was measured before, and what speaks against it. */
import type { Remark } from '../../../protocol/remark.ts';
import { warning } from '../../base/remarks.ts';
import { subtask } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { doubtsOf } from '../../registration/quality.ts';
import type { RegistrationQuality } from '../../registration/registration.ts';
import type { AirRow, ResponseRow, TrappingThresholds } from '../../registration/trapping.ts';
import type { CtPair } from '../../values/ctPairs.ts';
import { resultKey } from '../../values/handles.ts';
import { overlayMaps } from '../../values/measuredSeries.ts';
import { registrationOf } from '../../values/registrations.ts';
import { respondedPair } from '../../values/responses.ts';
import type { MeasuredSeries } from '../../values/value.ts';
import type { VerbContext } from '../verb.ts';

export interface Trapped {
  readonly inspired: readonly AirRow[];
  readonly expired: readonly AirRow[];
  readonly voxels?: { readonly rows: readonly ResponseRow[]; readonly quality: RegistrationQuality };
}

interface Asked {
  readonly thresholds: TrappingThresholds;
  readonly onVoxels: boolean;
}

export async function trapOne(
  pair: CtPair,
  { thresholds, onVoxels }: Asked,
  context: VerbContext,
): Promise<{ readonly result: Trapped; readonly doubts: readonly Remark[] }> {
  if (pair.first.sha256 === pair.second.sha256)
    throw new UserError('same-ct', 'Both are the same CT. Load the scans of inspiration and of expiration apart.');
  const { task } = context;
  const density = onVoxels ? 0.1 : 0.5;
  const inspired = await airOfCt(pair.first, thresholds, { ...context, task: subtask(task, 0, density) });
  const expired = await airOfCt(pair.second, thresholds, { ...context, task: subtask(task, density, 2 * density) });
  const doubts = breathDoubts(inspired, expired);
  if (!onVoxels) return { result: { inspired, expired }, doubts };
  const registration = await registrationOf(pair, { ...context, task: subtask(task, 0.2, 0.9) });
  const { rows } = await respondedPair(pair, thresholds, { ...context, task: subtask(task, 0.9, 1) });
  const { quality } = registration;
  return { result: { inspired, expired, voxels: { rows, quality } }, doubts: [...doubts, ...doubtsOf(quality)] };
}

async function airOfCt(
  measured: MeasuredSeries,
  thresholds: TrappingThresholds,
  context: VerbContext,
): Promise<AirRow[]> {
  const { images, measurements, task } = context;
  const key = resultKey('air', measured.cacheKey, thresholds);
  const known = await measurements.json<AirRow[]>(key);
  if (known) return known;
  const { series, sha256 } = measured;
  const { lobes } = await overlayMaps(measured, context);
  const rows = await images.air({ series, sha256 }, { lobes, thresholds }, task);
  await measurements.putJson(key, rows);
  return rows;
}

/** Healthy lungs give away half their air and more; those that give away less than this may not have been asked to. */
const LEAST_CHANGE_PERCENT = 10;

function breathDoubts([inspired]: readonly AirRow[], [expired]: readonly AirRow[]): Remark[] {
  const [before, after] = [inspired!.volumeMl, expired!.volumeMl];
  const ml = (volume: number) => `${Math.round(volume)} ml`;
  if (after > before)
    return [
      warning(
        'breaths-swapped',
        `The expiration scan has larger lungs (${ml(after)}) than the inspiration scan (${ml(before)}). If the two are swapped, write them the other way round; if they are not, nothing was breathed out.`,
      ),
    ];
  if (100 * (before - after) < LEAST_CHANGE_PERCENT * before)
    return [
      warning(
        'one-breath',
        `The lungs of both scans are nearly as large (${ml(before)} and ${ml(after)}): less than ${LEAST_CHANGE_PERCENT} % was breathed out, so that air below the threshold need not be trapped.`,
      ),
    ];
  return [];
}
