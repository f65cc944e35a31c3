/** What the kernel hands to a reading room, and what the room tells its window: the latter knows cases by their numbers alone. */
import type { SliceReply, SliceRequest } from '../kernelApi.ts';
import type { SliceView } from '../view.ts';
import type { Answer, ReadingForm } from './form.ts';
import type { AiReading, ReadingSession } from './scores.ts';

/** What can be read and looked at beside the cases. */
export interface ReadingMaterial {
  /** Markdown. */
  readonly manual?: string;
  /** Addresses of the kind `data:`, by class. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** A session as the kernel prepared it, for the extension alone: it knows the patients' labels. */
export interface PreparedReading {
  readonly reader: string;
  /** Absolute. */
  readonly path: string;
  readonly session: ReadingSession;
  readonly blocked?: string;
  readonly material: ReadingMaterial;
  /** Right answers of calibration cases by the cases' numbers and the fields' keys. */
  readonly truths: Readonly<Record<number, Readonly<Record<string, Answer>>>>;
  /** Of a consensus: what was said, by the cases' numbers and the fields' keys. */
  readonly said: Readonly<
    Record<number, Readonly<Record<string, readonly { readonly by: string; readonly value: Answer }[]>>>
  >;
}

export interface ReadingRequest {
  /** Of the result that the cell names. */
  readonly name: string;
}
export type ReadingReply = { readonly reading: PreparedReading } | { readonly problem: string };

export interface ReadingCaseRequest extends ReadingRequest {
  readonly case: number;
  /** With the measurements that the session shows. */
  readonly ai: boolean;
}
/** The slices of a case, without anything that says whose they are. */
export type ReadingCaseReply = { readonly view: SliceView } | { readonly problem: string };

/** What the window keeps over a reload: by what the extension finds its notebook again, which is not told. */
export interface RoomState {
  readonly room: string;
}

/** Where the reader is, as the window is told. */
export interface RoomCase {
  readonly case: number;
  readonly of: number;
  readonly calibration: boolean;
  /** Measurements are on the screen. */
  readonly ai: boolean;
  /** With measurements that are shown after the first answer: this is the second one. */
  readonly isSecondLook: boolean;
  readonly isDone: boolean;
  /** The answers cannot be changed any more: measurements were seen, or the right answer was. */
  readonly isLocked: boolean;
  /** By the fields' keys. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Keys of the fields that are asked; all where left out. */
  readonly asks?: readonly string[];
  /** The right answers of a calibration case that was scored. */
  readonly truth?: Readonly<Record<string, Answer>>;
  /** Of a consensus. */
  readonly said?: Readonly<Record<string, readonly { readonly by: string; readonly value: Answer }[]>>;
}

export interface RoomForm {
  readonly form: ReadingForm;
  readonly ai: AiReading;
  readonly isConsensus: boolean;
  readonly material: ReadingMaterial;
}

export type ToRoom =
  /** Nothing can be read: why, and what the button does. */
  | {
      readonly type: 'closed';
      readonly text: string;
      readonly action?: { readonly label: string; readonly does: 'prepare' | 'openNotebook' };
      readonly state: RoomState;
    }
  | { readonly type: 'form'; readonly form: RoomForm; readonly state: RoomState }
  | { readonly type: 'case'; readonly at: RoomCase }
  /** The slices of a case, which may be one that comes next; or why they cannot be had. */
  | { readonly type: 'slices'; readonly case: number; readonly ai: boolean; readonly reply: ReadingCaseReply }
  /** All answers up to this one are in the file. */
  | { readonly type: 'saved'; readonly upTo: number }
  /** Answers are kept in memory alone, and why. */
  | { readonly type: 'unsaved'; readonly text: string }
  | { readonly type: 'over'; readonly done: number; readonly of: number }
  | { readonly type: 'slice'; readonly requestId: number; readonly reply: SliceReply };

export type FromRoom =
  | { readonly type: 'started' }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly case: number;
      readonly ai: boolean;
      readonly key: string;
      readonly value: Answer | null;
    }
  /** The case is left, for the next thing to be read; or for a case that was read before. */
  | { readonly type: 'next'; readonly case: number; readonly ai: boolean; readonly isDone: boolean }
  | { readonly type: 'goTo'; readonly case: number }
  | { readonly type: 'slice'; readonly requestId: number; readonly request: SliceRequest }
  | { readonly type: 'prepare' }
  | { readonly type: 'openNotebook' };
