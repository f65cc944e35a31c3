/** What the reading room's page knows: what it was told, and what the reader has answered since. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Answer, type Field, fieldKey, fieldsOf, isOptional } from '../../protocol/reading/form.ts';
import type { FromRoom, ReadingCaseReply, RoomCase, RoomForm, ToRoom } from '../../protocol/reading/room.ts';

/** Answers are in the file, on their way to it, or in memory alone for a reason. */
export type Saving = { readonly is: 'saved' | 'saving' } | { readonly is: 'unsaved'; readonly text: string };

export interface Room {
  readonly closed: Signal<Extract<ToRoom, { type: 'closed' }> | undefined>;
  readonly over: Signal<Extract<ToRoom, { type: 'over' }> | undefined>;
  readonly form: Signal<RoomForm | undefined>;
  readonly at: Signal<RoomCase | undefined>;
  /** Of the case that is read, with what the reader has answered since it was told. */
  readonly answers: Signal<Readonly<Record<string, Answer>>>;
  readonly slices: ReadonlySignal<ReadingCaseReply | undefined>;
  readonly saving: Signal<Saving>;
  /** What is asked of this case, in the order in which it is gone through. */
  readonly fields: ReadonlySignal<readonly Field[]>;
  readonly unanswered: ReadonlySignal<readonly Field[]>;
  /** The key of the field that keys answer. */
  readonly current: Signal<string | undefined>;
  /** The reader has asked to go on although something is not answered, and was told. */
  readonly isWarned: Signal<boolean>;
  hear(message: ToRoom): void;
  answer(key: string, value: Answer | null): void;
  next(): void;
  goTo(place: number): void;
}

export function createRoom(post: (message: FromRoom) => void): Room {
  const came = signal<ReadonlyMap<string, ReadingCaseReply>>(new Map());
  const [form, at] = [signal<RoomForm>(), signal<RoomCase>()];
  const answers = signal<Readonly<Record<string, Answer>>>({});
  const saving = signal<Saving>({ is: 'saved' });
  const current = signal<string>();
  const isWarned = signal(false);
  const fields = computed(() => {
    const all = form.value ? fieldsOf(form.value.form) : [];
    const asks = at.value?.asks;
    return asks ? all.filter((field) => asks.includes(fieldKey(field))) : all;
  });
  const unanswered = computed(() =>
    fields.value.filter((field) => !isOptional(field.answer) && answers.value[fieldKey(field)] === undefined),
  );
  let lastAnswer = 0;
  const room: Room = {
    closed: signal(),
    over: signal(),
    form,
    at,
    answers,
    saving,
    fields,
    unanswered,
    current,
    isWarned,
    slices: computed(() => at.value && came.value.get(nameOf(at.value))),
    hear(message) {
      switch (message.type) {
        case 'closed':
          came.value = new Map();
          room.closed.value = message;
          return;
        case 'form':
          batch(() => {
            room.closed.value = undefined;
            room.over.value = undefined;
            form.value = message.form;
          });
          return;
        case 'case':
          return batch(() => {
            room.over.value = undefined;
            at.value = message.at;
            answers.value = message.at.answers;
            isWarned.value = false;
            current.value = fieldKey(unanswered.value[0] ?? fields.value[0] ?? { region: '', class: '' });
          });
        case 'slices':
          came.value = new Map([...came.value].slice(-KEPT).concat([[nameOf(message), message.reply]]));
          return;
        case 'saved':
          if (message.upTo >= lastAnswer) saving.value = { is: 'saved' };
          return;
        case 'unsaved':
          saving.value = { is: 'unsaved', text: message.text };
          return;
        case 'over':
          room.over.value = message;
          return;
        case 'slice':
          return;
      }
    },
    answer(key, value) {
      const now = at.peek();
      if (!now || now.isLocked || answers.peek()[key] === (value ?? undefined)) return;
      const { [key]: _, ...others } = answers.peek();
      batch(() => {
        answers.value = value === null ? others : { ...others, [key]: value };
        if (saving.peek().is === 'saved') saving.value = { is: 'saving' };
      });
      post({ type: 'answer', id: ++lastAnswer, case: now.case, ai: now.ai, key, value });
    },
    next() {
      const now = at.peek();
      if (!now) return;
      if (unanswered.peek().length && !isWarned.peek() && !now.isLocked) {
        isWarned.value = true;
        current.value = fieldKey(unanswered.peek()[0]!);
        return;
      }
      isWarned.value = false;
      post({ type: 'next', case: now.case, ai: now.ai, isDone: now.isDone });
    },
    goTo: (place) => post({ type: 'goTo', case: place }),
  };
  return room;
}

/** Slices of the case that is read, of the one before it, and of those that come. */
const KEPT = 4;

const nameOf = ({ case: place, ai }: Pick<RoomCase, 'case' | 'ai'>) => `${place} ${ai}`;
