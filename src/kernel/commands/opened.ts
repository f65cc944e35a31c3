import { dirname, resolve } from 'node:path';
import type { Task } from '../base/task.ts';
import { isWebAddress, serversFromEnvironment } from '../ct/dicomWeb/address.ts';
import type { Discovering } from '../ct/files/discover.ts';
import { openPath } from '../verbs/load/openPath.ts';

/** What stands at a path that was typed, as `load` opens it; paths of a manifest start at its own folder. Throws a UserError. */
export function opened(path: string, headers: Discovering['headers'], task: Task): ReturnType<typeof openPath> {
  return openPath(
    isWebAddress(path) ? path : resolve(path),
    {
      resolvePath: (relative) => resolve(dirname(path), relative),
      servers: serversFromEnvironment(process.env),
      headers,
    },
    task,
  );
}
