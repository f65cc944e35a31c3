/** What an error of the operating system says of itself. Anything may be thrown, so that each part is looked at before it is believed. */

export interface SystemError {
  /** `ENOENT` and the like; Node's own errors and zlib's have codes too. */
  readonly code: string | undefined;
  readonly errno: number | undefined;
  /** Absent from what is no error of the operating system. */
  readonly syscall: string | undefined;
}

/** Each part undefined where it is missing. */
export function systemErrorOf(error: unknown): SystemError {
  const part = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const [code, errno, syscall] = [part('code'), part('errno'), part('syscall')];
  return {
    code: typeof code === 'string' ? code : undefined,
    errno: typeof errno === 'number' ? errno : undefined,
    syscall: typeof syscall === 'string' ? syscall : undefined,
  };
}

/** For `catch`: undefined where what was asked for is not there; throws every other error. */
export function orMissing(error: unknown): undefined {
  if (systemErrorOf(error).code === 'ENOENT') return undefined;
  throw error;
}
