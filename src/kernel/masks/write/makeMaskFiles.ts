/** Makes the files of masks in a thread of their own, which ends with them or when it is interrupted. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { MaskFiles, MaskRequest } from './maskFiles.ts';
import type { MaskReply } from './maskWorker.ts';

/** Rejects with a UserError where the CT's files have changed or memory is too small, and with the signal's reason. */
export async function makeMaskFiles(request: MaskRequest, task: Task): Promise<MaskFiles> {
  task.signal.throwIfAborted();
  const worker = new Worker(new URL(`./maskWorker${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
  const made = new Promise<MaskReply>((resolve, reject) => {
    task.signal.addEventListener('abort', () => reject(task.signal.reason), { once: true });
    worker.on('message', resolve).on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the thread that makes masks ended (code ${code})`)));
    worker.postMessage(request);
  });
  const reply = await made.finally(() => worker.terminate());
  if (reply.type === 'made') return reply.made;
  throw reply.code === undefined ? new Error(reply.message) : new UserError(reply.code, reply.message);
}
