/** What the thread that runs networks is asked, and what it answers. */
import type { Device } from '../../protocol/devices.ts';
import type { Thrown } from '../base/thrownAcross.ts';
import type { UsedDevice } from './device.ts';
import type { NetworkFiles } from './modelFiles.ts';
import type { GivenTensor, NetworkSession, RawOutput } from './networkSession.ts';

/** Sent in place of a port: the thread is to end. */
export const END = 'end';

export interface OpenNetwork {
  readonly network: NetworkFiles;
  readonly threads: number;
  readonly device: Device;
  readonly called: string;
}

export type ToNetworks = { readonly id: number } & (
  | { readonly type: 'open'; readonly request: OpenNetwork }
  | {
      readonly type: 'run';
      readonly session: number;
      readonly feeds: Readonly<Record<string, GivenTensor>>;
      readonly fetches: readonly string[];
    }
);

export interface OpenedNetwork extends Pick<NetworkSession, 'inputNames' | 'inputMetadata' | 'outputMetadata'> {
  readonly session: number;
  readonly device: UsedDevice;
}

export type FromNetworks = { readonly id: number } & (
  | { readonly type: 'opened'; readonly opened: OpenedNetwork }
  | { readonly type: 'ran'; readonly outputs: Readonly<Record<string, RawOutput>> }
  | { readonly type: 'failed'; readonly error: Thrown }
);
