/** Remarks that belong to no table or picture, as notebooks keep them. */
import type { KeptRemark, Remark, SeriesRemark } from '../../protocol/remark.ts';
import type { MessagesView } from '../../protocol/view.ts';

/** Undefined where there is nothing to say. */
export function messagesView(
  messages: readonly KeptRemark[],
  flags: readonly SeriesRemark[],
): MessagesView | undefined {
  if (messages.length + flags.length === 0) return undefined;
  return { type: 'messages', messages, ...(flags.length ? { flags } : {}) };
}

/** A remark on a statement is kept without its code. */
export function kept({ severity, message, patients }: Remark): KeptRemark {
  return { severity, text: message, ...(patients ? { patients } : {}) };
}
