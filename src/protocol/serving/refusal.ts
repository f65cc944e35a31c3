/** What a program asked for cannot be done: why, and what to do, in sentences for people. Anything else that is thrown is a bug. */
import type { RemarkCode } from '../remarkCodes.ts';

export class Refusal extends Error {
  /** Absent where no remark of a notebook says it. */
  readonly code: RemarkCode | undefined;

  constructor(code: RemarkCode | undefined, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
