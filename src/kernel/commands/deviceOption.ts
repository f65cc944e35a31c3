/** `--device` of the commands that measure. */
import { DEVICES, type Device } from '../../protocol/devices.ts';
import { UsageError } from './usageError.ts';

/** Throws a UsageError for any other word. */
export function deviceOf(name: string): Device {
  const known = DEVICES.find((one) => one === name);
  if (!known) throw new UsageError(`--device is one of ${DEVICES.join(', ')}, not "${name}".`);
  return known;
}
