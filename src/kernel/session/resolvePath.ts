/** Paths as cells write them. */
import { isAbsolute, join } from 'node:path';
import { UserError } from '../base/userError.ts';

/** An absolute path; relative ones start at `folder`. Throws a UserError where no file can have such a name. */
export function resolvePath(path: string, folder: string): string {
  if (path.includes('\0'))
    throw new UserError('bad-path', 'This path holds a null character, which no file name has. Write it anew.');
  // Of the shell alone; a folder that is called so is a trap for whoever wants to remove it.
  if (/^~(?:$|[\\/])/.test(path))
    throw new UserError(
      'bad-path',
      `"${path}" begins with ~, which only a shell knows as your own folder. Write a path that starts at the notebook’s folder, or a whole one.`,
    );
  return isAbsolute(path) ? path : join(folder, path);
}
