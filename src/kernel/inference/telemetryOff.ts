/** Switches off what ONNX Runtime would tell its maker, in the environment that the native library reads. */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { QUIET_ENVIRONMENT } from '../../protocol/quietEnvironment.ts';

/** What the main thread tells the threads that it starts later. */
const SWITCHED_OFF = 'lungnb: telemetry is off';

/**
 * To be called before the library is loaded, and before a thread is started that loads it. The main thread writes the
 * process's own environment. A worker thread cannot: what it writes to `process.env` stays in a copy that no native code
 * sees. So there this throws, unless the main thread has called it before it started the thread.
 */
export function switchTelemetryOff(): void {
  if (isMainThread) {
    Object.assign(process.env, QUIET_ENVIRONMENT);
    setEnvironmentData(SWITCHED_OFF, true);
  } else if (getEnvironmentData(SWITCHED_OFF) !== true)
    throw new Error(
      'ONNX Runtime was not loaded: its telemetry is not switched off. Call `switchTelemetryOff` on the main thread before it starts this one.',
    );
}
