/** The one place where ONNX Runtime is loaded (the linter holds it): never before its telemetry is switched off. */
import { switchTelemetryOff } from './telemetryOff.ts';

switchTelemetryOff();
// An import statement would be run before the line above, wherever it stands.
// biome-ignore lint/style/noRestrictedImports: this is the place
export const onnxRuntime = await import('onnxruntime-node');

// biome-ignore lint/style/noRestrictedImports: types alone, which load nothing
export type { InferenceSession, Tensor } from 'onnxruntime-node';
