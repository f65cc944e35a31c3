import { QUIET_ENVIRONMENT } from '../protocol/quietEnvironment.ts';

/** What the kernel's process is given of the environment, beside the user's own. */
export const KERNEL_ENVIRONMENT: Readonly<Record<string, string>> = {
  // In a desktop VS Code the executable is Electron, which runs as Node when told so.
  ELECTRON_RUN_AS_NODE: '1',
  // glibc would keep what the decoding threads free, a tenth of a CT's own size (see `npm run bench -- load`).
  MALLOC_TRIM_THRESHOLD_: '131072',
  // From its first instruction on, so that no order of loading matters.
  ...QUIET_ENVIRONMENT,
};
