/** A session of reading that a cell has prepared: what the reading room asks the kernel for. */
import type { Answer } from '../../protocol/reading/form.ts';
import type { ReadingMaterial } from '../../protocol/reading/room.ts';
import type { ReadingSession } from '../../protocol/reading/scores.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Named } from './named.ts';

export interface Reading {
  /** The result's name, which is the reader's. */
  readonly name: string;
  /** Absolute, with links followed. */
  readonly path: string;
  readonly session: ReadingSession;
  /** Why it cannot be read now, in sentences; undefined where it can. */
  readonly blocked: string | undefined;
  /** By the cases' labels, of the session's series; some may have gone since the session began. */
  readonly series: ReadonlyMap<string, Series>;
  readonly overlay: Named<'measurements'> | undefined;
  /** Of calibration cases by their labels, then by the fields' keys. */
  readonly truths: ReadonlyMap<string, ReadonlyMap<string, Answer>>;
  /** Of a consensus: what was said of each disputed field, by the case's label and the field's key, in the order in which it is shown. */
  readonly said: ReadonlyMap<string, ReadonlyMap<string, readonly SaidBy[]>>;
  readonly material: ReadingMaterial;
}

/** What a reader said of a field, under the name that it is shown by. */
export interface SaidBy {
  readonly by: string;
  readonly value: Answer;
}
