/** The one error that users can meet; anything else that is thrown is a bug and is shown as one. */

import type { SourceSpan } from '../../protocol/kernelApi.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';

export class UserError extends Error {
  /** Stable, hyphenated identifier, e.g. `unknown-class`. */
  readonly code: RemarkCode;
  /** Where in the cell, once known; verbs and the session add it. */
  readonly span: SourceSpan | undefined;
  /** The word that was probably meant by the one at the span. */
  readonly meant: string | undefined;
  /** A clause that would mend the statement, written behind it. */
  readonly clause: string | undefined = undefined;

  /** `message` says what is wrong, where, and what to do, in plain sentences. */
  constructor(code: RemarkCode, message: string, span?: SourceSpan, meant?: string) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.span = span;
    this.meant = meant;
  }

  /** The same error with a place, unless it already has one. */
  at(span: SourceSpan): UserError {
    return this.span ? this : this.#with({ span, clause: this.clause });
  }

  /** The same error with a clause that would mend the statement. */
  mendedBy(clause: string): UserError {
    return this.#with({ span: this.span, clause });
  }

  #with({ span, clause }: Pick<UserError, 'span' | 'clause'>): UserError {
    return Object.assign(new UserError(this.code, this.message, span, this.meant), { clause });
  }
}
