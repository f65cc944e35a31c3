/** A remark on what does not fit in a published table. */
import type { Remark } from '../../../protocol/remark.ts';

export interface PublishedRemark extends Remark {
  /** Row, and side where there are two: "consolidation, AI". The message says it too. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}
