/** What was thrown, as an Error: libraries and callbacks may throw anything. */

export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** For the screen, where a bug is told with the functions that led to it; it may hold names and paths. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
