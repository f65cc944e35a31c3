/**
 * Something to say: the one word for what LungNB finds, warns of and refuses. What remarks are about differs, and adds
 * fields: a CT (here), a place in a cell (`CellRemark`), a row of an agreement, a row of a published table.
 */
import type { RemarkCode } from './remarkCodes.ts';

export type Severity = 'info' | 'warning' | 'error';

export interface Remark {
  /** An error is something that could not be used or done. */
  readonly severity: Severity;
  readonly code: RemarkCode;
  /** What is so, where, and what to do, in sentences. */
  readonly message: string;
  /** Labels in it of patients whom no result shows, since none of their CTs is used: they too may say who somebody is. */
  readonly patients?: readonly string[];
}

/**
 * On a CT, or on its segmentation, before its measurements are trusted. Users call it a flag, and so do saved notebooks,
 * tables and JSON. An error is a CT that could not be measured.
 */
export interface SeriesRemark extends Remark {
  readonly patient: string;
  readonly series: string;
}

/** A remark as saved notebooks keep it where it is about nothing single: without its code. */
export interface KeptRemark {
  readonly severity: Severity;
  /** The remark's message. */
  readonly text: string;
  readonly patients?: readonly string[];
}
