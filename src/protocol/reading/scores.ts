/** What a reader's file of scores holds: for each session what was asked, the cases in their order, and every answer. */
import { visitLabel } from '../words/visitLabel.ts';
import type { Answer, ReadingForm } from './form.ts';

export const SCORES_FORMAT_VERSION = 1;
/** Behind the reader's name. */
export const SCORES_ENDING = '.scores.json';

/** Measurements are hidden, shown from the start, or shown once the case was answered without them, and answered again. */
export const AI_READING = ['hidden', 'shown', 'then'] as const;
export type AiReading = (typeof AI_READING)[number];

export interface ScoresFile {
  readonly reader: string;
  /** By their numbers. */
  readonly sessions: readonly ReadingSession[];
}

/** What makes a session the same, whenever its cell is run. */
export interface SessionDesign {
  /** From 1. */
  readonly session: number;
  readonly seed: number;
  /** How many cases are shown a second time. */
  readonly repeats: number;
  readonly ai: AiReading;
  /** What the notebook calls the measurements that are shown. */
  readonly aiName?: string;
  readonly form: ReadingForm;
  /** Of a consensus: whose readings differ, and by more than how many steps. */
  readonly consensus?: { readonly readers: readonly string[]; readonly beyond: number };
}

export interface ReadingSession extends SessionDesign {
  readonly software: string;
  readonly cases: readonly PlannedCase[];
  /** Of the cases that were opened. */
  readonly read: readonly CaseRead[];
}

/** A case of a session; its number is all that the reader learns of it. */
export interface PlannedCase {
  /** From 1, in the order of reading. */
  readonly case: number;
  readonly patient: string;
  /** In a cohort whose patients have several. */
  readonly visit?: number;
  readonly series: string;
  readonly calibration: boolean;
  /** 1 for the first time that it is shown, 2 for the second. */
  readonly repeat: number;
  /** Of a consensus: the keys of the fields that are asked; all of them where left out. */
  readonly asks?: readonly string[];
}

/** What tells cases apart: the patient, with the visit where patients have several. */
export function caseLabel({ patient, visit }: Pick<PlannedCase, 'patient' | 'visit'>): string {
  return visit === undefined ? patient : visitLabel(patient, visit);
}

export interface CaseRead {
  readonly case: number;
  /** It was gone on from, whatever was answered. */
  readonly isDone: boolean;
  /** Measurements were shown after the first answers, which are not changed any more. */
  readonly isAiSeen?: boolean;
  readonly visits: readonly Visit[];
  /** In the order in which they were given: of one field, the last one counts, and the others are its history. */
  readonly answers: readonly AnswerGiven[];
}

/** Once that the case was looked at. */
export interface Visit {
  /** The day, as in 2026-11-27. */
  readonly on: string;
  /** While it was on the screen. */
  readonly seconds: number;
}

export interface AnswerGiven {
  readonly region: string;
  readonly class: string;
  /** Null where the answer was taken back. */
  readonly value: Answer | null;
  /** Whether measurements were on the screen. */
  readonly ai: boolean;
  /** Number of the visit, from 1. */
  readonly visit: number;
  /** Seconds since that visit began. */
  readonly at: number;
}

/** The answers that count, by the fields' keys: of those given with or without measurements on the screen. */
export function answersNow(
  { answers }: Pick<CaseRead, 'answers'>,
  ai: boolean,
): Map<string, Exclude<AnswerGiven['value'], null>> {
  const now = new Map<string, Answer>();
  for (const { region, class: asked, value, ai: with_ } of answers) {
    if (with_ !== ai) continue;
    if (value === null) now.delete(`${region} ${asked}`);
    else now.set(`${region} ${asked}`, value);
  }
  return now;
}

/** How many cases were gone on from. */
export function casesDone({ read }: Pick<ReadingSession, 'read'>): number {
  return read.filter(({ isDone }) => isDone).length;
}
