/** Hands what outputs ask for (slices, patients, rows) to a kernel. */
import type { KernelMethod, KernelReply, KernelRequest } from '../protocol/kernelMethods.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import { type KernelProcess, unlessEnded } from './kernelProcess.ts';

const NO_KERNEL = { problem: 'Run the cell again to see more than the notebook keeps.' };

/** The answer to what only a kernel knows; undefined for a message that asks it nothing. */
export async function kernelAnswer(
  asked: ToExtension,
  kernel: KernelProcess | undefined,
): Promise<ToRenderer | undefined> {
  switch (asked.type) {
    case 'slice': {
      const { type, requestId, request } = asked;
      return { type, requestId, reply: await answer('slice', request, kernel) };
    }
    case 'rows': {
      const { type, requestId, request } = asked;
      return { type, requestId, reply: await answer('tableRows', request, kernel) };
    }
    case 'patient': {
      const { type, requestId, request } = asked;
      return { type, requestId, reply: await answer('patientSlices', request, kernel) };
    }
    case 'neighbour': {
      const { type, requestId, request } = asked;
      return { type, requestId, reply: await answer('neighbourSlices', request, kernel) };
    }
    case 'mask': {
      const { type, requestId, request } = asked;
      return { type, requestId, reply: await answer('editMask', request, kernel) };
    }
    default:
      return undefined;
  }
}

/** What the kernel answers; without one, or where it fails, a problem that the viewer shows. */
async function answer<M extends KernelMethod>(
  method: M,
  request: KernelRequest<M>,
  kernel: KernelProcess | undefined,
): Promise<KernelReply<M> | { readonly problem: string }> {
  if (!kernel) return NO_KERNEL;
  const asked = unlessEnded(kernel.ask(method, request), () => NO_KERNEL);
  return asked.catch((error: Error) => ({ problem: error.message }));
}
