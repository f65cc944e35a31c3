/**
 * Where a reader is in a session, and what may be done there: cases follow each other, measurements are shown after the
 * first answers at the earliest, and what was answered before they were seen is not changed any more.
 */
import { type Answer, type Field, fieldKey, fieldsOf, isAnswer } from '../../protocol/reading/form.ts';
import type { PreparedReading, RoomCase, RoomForm } from '../../protocol/reading/room.ts';
import {
  type AnswerGiven,
  answersNow,
  type CaseRead,
  casesDone,
  type PlannedCase,
  type ReadingSession,
  type Visit,
} from '../../protocol/reading/scores.ts';

export interface Clock {
  /** In milliseconds. */
  readonly now: () => number;
  /** As in 2026-11-27. */
  readonly today: () => string;
}

/** A case while it is read. */
interface Open {
  readonly isDone: boolean;
  readonly isAiSeen: boolean;
  readonly visits: readonly Visit[];
  readonly answers: readonly AnswerGiven[];
}

const UNREAD: Open = { isDone: false, isAiSeen: false, visits: [], answers: [] };

export class Desk {
  readonly #prepared: PreparedReading;
  readonly #session: ReadingSession;
  readonly #clock: Clock;
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #read: Map<number, Open>;
  #place = 1;
  /** Since the case is on the screen; undefined while it is not. */
  #sinceMs: number | undefined;
  /** It was on the screen before in this visit, in seconds. */
  #before = 0;

  /** `session` is the prepared one, as far as it was read. */
  constructor(prepared: PreparedReading, session: ReadingSession, clock: Clock) {
    this.#prepared = prepared;
    this.#session = session;
    this.#clock = clock;
    this.#fields = new Map(fieldsOf(session.form).map((field) => [fieldKey(field), field] as const));
    this.#read = new Map(session.read.map((one) => [one.case, { ...one, isAiSeen: one.isAiSeen ?? false }] as const));
    this.#open(this.#nextUnread(0) ?? session.cases.length);
  }

  /** As it is to be kept. */
  session(): ReadingSession {
    const read = [...this.#read]
      .sort(([a], [b]) => a - b)
      .map(
        ([place, { isDone, isAiSeen, visits, answers }]): CaseRead => ({
          case: place,
          isDone,
          ...(isAiSeen ? { isAiSeen } : {}),
          visits,
          answers,
        }),
      );
    return { ...this.#session, read };
  }

  get isOver(): boolean {
    return casesDone(this.session()) === this.#session.cases.length;
  }

  get doneCount(): number {
    return casesDone(this.session());
  }

  /** What is asked, and what is beside it: for the window. */
  form(): RoomForm {
    const { form, ai, consensus } = this.#session;
    return { form, ai, isConsensus: consensus !== undefined, material: this.#prepared.material };
  }

  /** What the window may know of the case that is read. */
  at(): RoomCase {
    const { case: place, calibration, asks } = this.#planned();
    const open = this.#now();
    const ai = this.#isAiShown();
    const truth = calibration && open.isDone ? this.#prepared.truths[place] : undefined;
    const said = this.#prepared.said[place];
    return {
      case: place,
      of: this.#session.cases.length,
      calibration,
      ai,
      isSecondLook: ai && this.#session.ai === 'then',
      isDone: open.isDone,
      isLocked: truth !== undefined,
      answers: Object.fromEntries(answersNow(open, ai)),
      ...(asks ? { asks } : {}),
      ...(truth ? { truth } : {}),
      ...(said && asks ? { said: Object.fromEntries(asks.map((key) => [key, said[key] ?? []])) } : {}),
    };
  }

  /** False where it is no answer to anything that is asked now. */
  answer({
    case: place,
    ai,
    key,
    value,
  }: {
    readonly case: number;
    readonly ai: boolean;
    readonly key: string;
    readonly value: Answer | null;
  }): boolean {
    const at = this.at();
    const field = this.#fields.get(key);
    const isAsked = field !== undefined && (at.asks?.includes(key) ?? true);
    if (place !== at.case || ai !== at.ai || at.isLocked || !isAsked) return false;
    if (value !== null && !isAnswer(value, field.answer)) return false;
    this.#timed();
    const { answers, visits } = this.#now();
    const { region, class: asked } = field;
    this.#set({
      answers: [...answers, { region, class: asked, value, ai, visit: visits.length, at: this.#seconds() }],
    });
    return true;
  }

  /** Leaves what is read for what comes next: the second look, the right answer, another case; false where all is read. */
  next(): boolean {
    const wasOver = this.isOver;
    this.#timed();
    const { calibration } = this.#planned();
    const open = this.#now();
    if (this.#session.ai === 'then' && !open.isAiSeen) {
      const { visits } = open;
      const copied = [...answersNow(open, false)].map(([key, value]): AnswerGiven => {
        const { region, class: asked } = this.#fields.get(key)!;
        return { region, class: asked, value, ai: true, visit: visits.length, at: this.#seconds() };
      });
      this.#set({ isAiSeen: true, answers: [...open.answers, ...copied] });
      return true;
    }
    const isToldFirst = calibration && !open.isDone;
    this.#set({ isDone: true });
    if (isToldFirst) return true;
    // Who looks through what is read goes through it in its order.
    const following = wasOver ? this.#session.cases[this.#place]?.case : undefined;
    const next = following ?? this.#nextUnread(this.#place) ?? this.#nextUnread(0);
    if (next === undefined) return false;
    this.#open(next);
    return true;
  }

  /** Back to a case that was seen, or on to the first that was not. */
  goTo(place: number): boolean {
    const isSeen = this.#read.has(place) || place === this.#nextUnread(0);
    if (!isSeen || !this.#session.cases[place - 1]) return false;
    this.#timed();
    this.#open(place);
    return true;
  }

  /** The case that comes next, which may be fetched ahead. */
  ahead(): number | undefined {
    return this.#nextUnread(this.#place);
  }

  /** The window is hidden, or seen again: only what is seen takes the reader's time. */
  setSeen(isSeen: boolean): void {
    if (isSeen === (this.#sinceMs !== undefined)) return;
    if (isSeen) this.#sinceMs = this.#clock.now();
    else {
      this.#before = this.#seconds();
      this.#sinceMs = undefined;
      this.#timed();
    }
  }

  #planned(): PlannedCase {
    return this.#session.cases[this.#place - 1]!;
  }

  #now(): Open {
    return this.#read.get(this.#place) ?? UNREAD;
  }

  #set(change: Partial<Open>): void {
    this.#read.set(this.#place, { ...this.#now(), ...change });
  }

  #isAiShown(): boolean {
    return this.#session.ai === 'shown' || (this.#session.ai === 'then' && this.#now().isAiSeen);
  }

  /** The first case behind the place that nobody has gone on from. */
  #nextUnread(behind: number): number | undefined {
    return this.#session.cases.find(({ case: place }) => place > behind && !this.#read.get(place)?.isDone)?.case;
  }

  #open(place: number): void {
    this.#place = place;
    this.#before = 0;
    this.#sinceMs = this.#clock.now();
    this.#set({ visits: [...this.#now().visits, { on: this.#clock.today(), seconds: 0 }] });
  }

  /** Since the visit began, in tenths. */
  #seconds(): number {
    const running = this.#sinceMs === undefined ? 0 : Math.max(0, this.#clock.now() - this.#sinceMs) / 1000;
    return Math.round((this.#before + running) * 10) / 10;
  }

  #timed(): void {
    const { visits } = this.#now();
    const last = visits.at(-1);
    if (last) this.#set({ visits: visits.with(-1, { ...last, seconds: this.#seconds() }) });
  }
}
