/** Root may read and write everything; tests of what one may not work as another user. */
import { chownSync } from 'node:fs';

const NOBODY = 65534;

/** `work` by a user whom permissions bind: `nobody` in root's place, to whom `own` are given. */
export async function withoutPrivileges<T>(work: () => Promise<T>, own: readonly string[] = []): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  for (const path of own) chownSync(path, NOBODY, NOBODY);
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
