/** The one error that users can meet; anything else that is thrown is a bug and is shown as one. */
import type { SourceSpan } from '../../protocol/kernelApi.ts';

export class UserError extends Error {
  /** Stable, hyphenated identifier, e.g. `unknown-class`. */
  readonly code: string;
  /** Where in the cell, once known; verbs and the session add it. */
  readonly span: SourceSpan | undefined;

  /** `message` says what is wrong, where, and what to do, in plain sentences. */
  constructor(code: string, message: string, span?: SourceSpan) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.span = span;
  }

  /** The same error with a place, unless it already has one. */
  at(span: SourceSpan): UserError {
    return this.span ? this : new UserError(this.code, this.message, span);
  }
}
