/** What differs between two notebooks, as text and page tell it. */

/** Something that has a name, with its value before and after as words; empty where there was none. */
export interface Moved {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Of a number: "+0.03". */
  readonly by?: string;
}

export type ChangeState = 'changed' | 'new' | 'gone';

/** One result of a cell: a table, a figure, slices, a control, an error. */
export interface ResultChange {
  readonly title: string;
  readonly state: ChangeState;
  readonly moved: readonly Moved[];
  /** Whole sentences: which rows came and went, what was not compared. */
  readonly notes: readonly string[];
}

export interface LineChange {
  readonly state: 'same' | 'new' | 'gone';
  readonly text: string;
}

export interface CellChange {
  readonly state: ChangeState;
  readonly kind: 'code' | 'markup';
  /** Its number in the first and the second notebook, from 1. */
  readonly before?: number;
  readonly after?: number;
  /** Its lines where any differs; none where its text is as it was. */
  readonly lines: readonly LineChange[];
  readonly results: readonly ResultChange[];
}

export interface NotebookChanges {
  readonly cells: readonly CellChange[];
  /** Software, models and inputs that differ. */
  readonly madeWith: readonly Moved[];
}

/** What two results have beside their numbers. */
export type Differences = Pick<ResultChange, 'moved' | 'notes'>;

export const NO_DIFFERENCES: Differences = { moved: [], notes: [] };

export function together(...all: readonly Differences[]): Differences {
  return { moved: all.flatMap(({ moved }) => moved), notes: all.flatMap(({ notes }) => notes) };
}

/** A value that is the same on both sides is no change. */
export function movedTexts(what: string, before: string | undefined, after: string | undefined): Moved[] {
  return before === after ? [] : [{ what, before: before ?? '', after: after ?? '' }];
}

/** Sentences that are on one side only. */
export function movedSentences(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((text) => !after.includes(text)).map((text) => `No longer said: ${text}`),
    ...after.filter((text) => !before.includes(text)).map((text) => `Said now: ${text}`),
  ];
}
