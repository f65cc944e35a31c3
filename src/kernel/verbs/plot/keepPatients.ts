/** Keeps the CTs behind a figure at hand, so that its patients' slices can be asked for. */
import { imageHandle } from '../../values/handles.ts';
import type { MeasurementsValue } from '../../values/value.ts';
import type { VerbContext } from '../verb.ts';

/** The handle that they are kept by; undefined where nothing was measured. */
export function keepPatients(measurements: MeasurementsValue | undefined, context: VerbContext): string | undefined {
  if (!measurements) return undefined;
  const parts = measurements.measured.map(({ patient, cacheKey, decisions }) => [patient, cacheKey, decisions]);
  const handle = imageHandle('patients', parts, measurements.derivedFrom);
  context.keepMeasurements(handle, measurements);
  return handle;
}
