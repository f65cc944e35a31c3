/** Errors that go from one thread to another, which keeps neither their class nor their fields. */
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { errorOf } from './thrown.ts';
import { UserError } from './userError.ts';

/** What of an error is sent. */
export interface Thrown {
  /** Of an error for users. */
  readonly code: RemarkCode | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function toSend(thrown: unknown): Thrown {
  const { name, message, stack } = errorOf(thrown);
  return { code: thrown instanceof UserError ? thrown.code : undefined, name, message, stack };
}

export function received({ code, name, message, stack }: Thrown): Error {
  if (code !== undefined) return new UserError(code, message);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
