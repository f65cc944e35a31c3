/** The command itself was wrong: exit code 2. */
export class UsageError extends Error {}
