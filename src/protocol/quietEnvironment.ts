/**
 * The environment in which ONNX Runtime tells nobody anything. From 1.29 on, its builds for Linux and macOS post to a
 * collector of their maker and keep an identifier of the installation, and its builds for Windows hand the same events to
 * the system (see SECURITY.md). It reads these variables once, when the first session is made.
 */
export const QUIET_ENVIRONMENT = {
  // The documented switch of the builds for Linux and macOS: no uploader, no event, no file.
  ORT_DISABLE_TELEMETRY: '1',
  // The builds for Windows know this one alone: meant for their own tests, it keeps them from registering a provider of events.
  ORT_RUNNING_UNIT_TESTS: '1',
} as const;
