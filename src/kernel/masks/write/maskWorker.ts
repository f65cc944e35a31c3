/** The thread that makes the files of masks: told of one CT, it answers with them, or why there are none. */
import { parentPort } from 'node:worker_threads';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { plainCause } from '../../base/plainCause.ts';
import { unattended } from '../../base/task.ts';
import { errorOf } from '../../base/thrown.ts';
import { type MaskFiles, type MaskRequest, maskFilesOf } from './maskFiles.ts';

export type MaskReply =
  | { readonly type: 'made'; readonly made: MaskFiles }
  | { readonly type: 'failed'; readonly code: RemarkCode | undefined; readonly message: string };

parentPort!.once('message', async (request: MaskRequest) => {
  parentPort!.postMessage(await reply(request));
});

async function reply(request: MaskRequest): Promise<MaskReply> {
  try {
    return { type: 'made', made: await maskFilesOf(request, unattended) };
  } catch (error) {
    const cause = plainCause(error);
    return { type: 'failed', code: cause?.code, message: (cause ?? errorOf(error)).message };
  }
}
