/** Makes remarks. What ends a statement is none of these: it is thrown, as a `UserError`. */
import type { Remark } from '../../protocol/remark.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';

/** `message` in sentences. */
export function warning(code: RemarkCode, message: string): Remark {
  return { severity: 'warning', code, message };
}

/** Something that went as it should, and is worth knowing. */
export function info(code: RemarkCode, message: string): Remark {
  return { severity: 'info', code, message };
}

/** Something that could not be used or done, where the rest goes on. */
export function failure(code: RemarkCode, message: string): Remark {
  return { severity: 'error', code, message };
}
