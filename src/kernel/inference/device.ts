/** What networks run on: the processor, or an accelerator that the user asks for and this computer has. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Device } from '../../protocol/devices.ts';
import type { Remark } from '../../protocol/remark.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { info } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import type { NetworkFiles } from './modelFiles.ts';
import type { NetworkSession, RawOutput } from './networkSession.ts';
import type { InferenceSession } from './onnxRuntime.ts';

export type { Device } from '../../protocol/devices.ts';

type Accelerator = Exclude<Device, 'cpu' | 'auto'>;

/** What a model runs on. */
export interface UsedDevice {
  readonly name: 'cpu' | Accelerator;
  /** Where the user asked for another one: why it is not that, to follow on its name. */
  readonly missed?: string;
}

/** Says that networks did not run on what the user asked for; `missed` as in `UsedDevice`. */
export function deviceMissing(asked: Device = 'cpu', missed: string): Remark {
  return info('device-missing', `The networks ran on the processor: ${asked} ${missed}.`);
}

/** ONNX Runtime's names, in the order in which they are tried. */
const PROVIDERS: Readonly<Record<Accelerator, string>> = { cuda: 'cuda', directml: 'dml', coreml: 'coreml' };
// SAFETY: the keys are those of PROVIDERS, as its type says.
const ACCELERATORS = Object.keys(PROVIDERS) as Accelerator[];

/** Opens a session on the device, or on the processor where that is missing. `called` is what messages call the model. */
export type OpenSession = (
  network: NetworkFiles,
  on: { readonly threads: number; readonly device: Device },
  called: string,
) => Promise<{ readonly session: NetworkSession; readonly device: UsedDevice }>;

/**
 * What a run has needed goes back to the computer: a 3D network's layers take half a gigabyte, and what comes after it
 * is no smaller. A thread of ONNX Runtime that waits for the next layer leaves its core to others, who have more to do
 * on it than to be asked whether there is one.
 */
const SPARING: InferenceSession.SessionOptions = {
  enableCpuMemArena: false,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** A session of this thread, which a run holds until it is done. */
interface OwnSession extends NetworkSession, Pick<InferenceSession, 'outputNames' | 'release'> {}

/** See {@link OpenSession}. */
export async function openSession(
  { onnx, externalData }: NetworkFiles,
  { threads, device }: Parameters<OpenSession>[1],
  called: string,
): Promise<{ readonly session: OwnSession; readonly device: UsedDevice }> {
  // Loaded by who runs networks alone.
  const { onnxRuntime } = await import('./onnxRuntime.ts');
  const options: InferenceSession.SessionOptions = {
    ...SPARING,
    externalData,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  };
  const open = async (providers: readonly string[]) =>
    sessionOf(await onnxRuntime.InferenceSession.create(onnx, { ...options, executionProviders: providers }));
  let missed: string | undefined;
  for (const name of device === 'auto' ? ACCELERATORS : ACCELERATORS.filter((own) => own === device)) {
    const lacking = whatLacks(name, onnxRuntime.listSupportedBackends(), hasCudaLibraries);
    if (lacking === undefined)
      try {
        return { session: await open([PROVIDERS[name], 'cpu']), device: { name } };
      } catch (error) {
        // The network itself is at fault where the processor cannot open it either, which is told below.
        missed = `cannot be used: ${reasonOf(error)}`;
      }
    else missed = lacking;
  }
  const session = await open(['cpu']).catch((error: Error) => {
    throw new UserError('model-onnx', `The ${called} cannot be opened by ONNX Runtime: ${reasonOf(error)}.`);
  });
  return { session, device: { name: 'cpu', ...(missed !== undefined && device !== 'auto' && { missed }) } };
}

function sessionOf(session: InferenceSession): OwnSession {
  const { inputNames, outputNames, inputMetadata, outputMetadata } = session;
  return {
    inputNames,
    outputNames,
    inputMetadata,
    outputMetadata,
    release: () => session.release(),
    // SAFETY: of a tensor's fields the native library reads those of `GivenTensor`; its own Tensor makes a Float16Array
    // of numbers of 16 bits, which the library refuses. Fetches give tensors.
    run: async (feeds, fetches) =>
      (await session.run(feeds as unknown as InferenceSession.FeedsType, fetches)) as Record<string, RawOutput>,
  };
}

/** Why an accelerator cannot be used, to follow on its name; undefined where it can be tried. */
export function whatLacks(
  name: Accelerator,
  backends: readonly { readonly name: string }[],
  hasCuda: () => boolean,
): string | undefined {
  if (!backends.some((backend) => backend.name === PROVIDERS[name]))
    return {
      cuda: 'needs Linux or Windows on an x64 processor',
      directml: 'needs Windows',
      coreml: 'needs a Mac',
    }[name];
  if (name === 'cuda' && !hasCuda())
    return 'needs the CUDA libraries of ONNX Runtime, which do not come with LungNB: docs/networks.md says where they belong';
  return undefined;
}

/** ONNX Runtime writes its own lines, paths included, to the terminal where it looks for libraries that are not there. */
function hasCudaLibraries(): boolean {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
    'bin',
    'napi-v6',
    process.platform,
    process.arch,
  );
  return ['libonnxruntime_providers_cuda.so', 'onnxruntime_providers_cuda.dll'].some((file) =>
    existsSync(join(folder, file)),
  );
}
