/** Root may read and write everything; tests of what one may not work as another user. */
const NOBODY = 65534;

/** `work` by a user whom permissions bind: `nobody` in root's place. */
export async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
