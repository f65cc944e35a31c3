/** The form beside a case: a grid of regions and classes, the questions of the case, and the answers to choose from. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import {
  type Answer,
  type AnswerKind,
  categoriesInPercent,
  type Field,
  fieldKey,
} from '../../protocol/reading/form.ts';
import { classLabel } from '../../protocol/words/displayNames.ts';
import type { Room } from './roomState.ts';
import { answerText, classHeading, fieldText, questionText, regionText } from './words.ts';

interface RoomProps {
  readonly room: Room;
}

export function ScoringForm({ room }: RoomProps): JSX.Element | null {
  const asked = room.form.value?.form;
  const at = room.at.value;
  if (!asked || !at) return null;
  const { regions, classes, scale, questions } = asked;
  const isAsked = (key: string) => room.fields.value.some((field) => fieldKey(field) === key);
  return (
    <section class="scoring" aria-label="Scores">
      <table class="grid">
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col" title={classLabel(name)}>
                <ClassHeading room={room} name={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {regions.map((region) => (
            <tr key={region}>
              <th scope="row">{regionText(region)}</th>
              {classes.map((name) => {
                const field = { region, class: name, answer: scale };
                return (
                  <td key={name}>
                    {isAsked(fieldKey(field)) && <Cell room={room} field={field} isQuestion={false} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {questions.map(({ name, answer }) => {
        const field = { region: 'total', class: name, answer };
        return (
          <div class="question" key={name}>
            <span id={`question-${name}`}>{questionText(name)}</span>
            {answer.kind === 'text' ? (
              <Comment room={room} field={field} />
            ) : (
              <Cell room={room} field={field} isQuestion />
            )}
          </div>
        );
      })}
      <Choices room={room} />
    </section>
  );
}

/** With a reference picture where there is one. */
function ClassHeading({ room, name }: RoomProps & { readonly name: string }): JSX.Element {
  const picture = room.form.value?.material.pictures[name];
  const label = classHeading(name);
  if (!picture) return <span>{label}</span>;
  return (
    <details class="reference" name="reference">
      <summary>{label}</summary>
      <img src={picture} alt={`What ${classLabel(name)} looks like`} />
    </details>
  );
}

interface CellProps extends RoomProps {
  readonly field: Field;
  readonly isQuestion: boolean;
}

/** A number that keys turn, as assistive technology knows it; words are told as its text. */
function Cell({ room, field, isQuestion }: CellProps): JSX.Element {
  const key = fieldKey(field);
  const at = room.at.value!;
  const value = room.answers.value[key];
  const isCurrent = room.current.value === key;
  const element = useFocused(isCurrent, () => room.current.peek() === key);
  const text = answerText(value, field.answer);
  const isMissing = room.isWarned.value && value === undefined;
  const { said, truth } = at;
  const others = said?.[key] ?? [];
  return (
    <>
      <div
        ref={element}
        role="spinbutton"
        tabIndex={isCurrent ? 0 : -1}
        class={`cell${isCurrent ? ' current' : ''}${isMissing ? ' missing' : ''}`}
        data-field={key}
        aria-label={fieldText(field, isQuestion)}
        aria-valuetext={text || 'not answered'}
        {...(typeof value === 'number' ? { 'aria-valuenow': value } : {})}
        {...limits(field.answer)}
        aria-readonly={at.isLocked}
        onPointerDown={() => {
          room.current.value = key;
        }}
        onFocus={() => {
          room.current.value = key;
        }}
      >
        {text || '–'}
      </div>
      {others.length > 0 && (
        <small class="said">
          {others.map(({ by, value: own }) => (
            <span key={by}>
              {by}: {answerText(own, field.answer)}
            </span>
          ))}
        </small>
      )}
      {truth?.[key] !== undefined && (
        <small class={truth[key] === value ? 'truth right' : 'truth'}>
          right: {answerText(truth[key], field.answer)}
        </small>
      )}
    </>
  );
}

function limits(answer: AnswerKind): { readonly 'aria-valuemin'?: number; readonly 'aria-valuemax'?: number } {
  if (answer.kind === 'scale') return { 'aria-valuemin': answer.low, 'aria-valuemax': answer.high };
  return answer.kind === 'percent' ? { 'aria-valuemin': 0, 'aria-valuemax': 100 } : {};
}

/** The focus follows the current field, unless something is being written, or a quick hand has gone on already. */
function useFocused(isCurrent: boolean, isStill: () => boolean) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = element.current;
    const root = own?.getRootNode();
    const writes = root instanceof ShadowRoot && root.activeElement?.matches('textarea, input');
    if (isCurrent && own && !writes && isStill()) own.focus({ preventScroll: false });
  }, [isCurrent]);
  return element;
}

function Comment({ room, field }: RoomProps & { readonly field: Field }): JSX.Element {
  const key = fieldKey(field);
  return (
    <textarea
      rows={2}
      aria-labelledby={`question-${field.class}`}
      data-field={key}
      readOnly={room.at.value?.isLocked ?? false}
      value={String(room.answers.value[key] ?? '')}
      onFocus={() => {
        room.current.value = key;
      }}
      onInput={({ currentTarget: { value } }) => room.answer(key, value === '' ? null : value)}
    />
  );
}

/** What can be answered to the current field, for mouse and fingers, and as a legend of the keys. */
function Choices({ room }: RoomProps): JSX.Element | null {
  const field = room.fields.value.find((one) => fieldKey(one) === room.current.value);
  const asked = room.form.value?.form;
  if (!field || !asked || field.answer.kind === 'text') return null;
  const isQuestion = asked.questions.some(({ name }) => name === field.class);
  const key = fieldKey(field);
  const words = isQuestion ? undefined : categoriesInPercent(asked);
  const choose = (value: Answer) => {
    room.answer(key, value);
    goOn(room);
  };
  return (
    <fieldset class="choices" disabled={room.at.value?.isLocked ?? false}>
      <legend>{fieldText(field, isQuestion)}</legend>
      {choicesOf(field.answer).map(({ value, label, hint }, n) => (
        <button
          key={label}
          type="button"
          aria-pressed={room.answers.value[key] === value}
          data-choice={String(value)}
          onClick={() => choose(value)}
        >
          {hint !== undefined && <kbd>{hint}</kbd>}
          <span>{label}</span>
          {words?.[n] !== undefined && <small>{words[n]}</small>}
        </button>
      ))}
    </fieldset>
  );
}

interface ChoiceOffered {
  readonly value: Answer;
  readonly label: string;
  /** The key, where it is not the label. */
  readonly hint?: string;
}

/** More numbers than that are typed; some of them can be tapped. */
const MOST_NUMBERS = 11;
const SOME_PERCENT = [0, 1, 5, 10, 25, 50, 75, 100];

function choicesOf(answer: AnswerKind): ChoiceOffered[] {
  switch (answer.kind) {
    case 'yes-no':
      return [
        { value: 1, label: 'Yes', hint: 'Y' },
        { value: 0, label: 'No', hint: 'N' },
      ];
    case 'list':
      return answer.words.map((word, n) => ({ value: word, label: word, ...(n < 9 ? { hint: String(n + 1) } : {}) }));
    case 'percent':
      return SOME_PERCENT.map((value) => ({ value, label: `${value} %` }));
    case 'scale': {
      const count = answer.high - answer.low + 1;
      const step = Math.ceil(count / MOST_NUMBERS);
      const numbers = Array.from({ length: Math.ceil(count / step) }, (_, n) => answer.low + n * step);
      return numbers.map((value) => ({ value, label: String(value) }));
    }
    case 'text':
      return [];
  }
}

/** To the next field, or where this was the last one, to the first that is not answered. */
export function goOn(room: Room): void {
  const all = room.fields.peek();
  const place = all.findIndex((field) => fieldKey(field) === room.current.peek());
  const next = all.slice(place + 1).find(({ answer }) => answer.kind !== 'text') ?? room.unanswered.peek()[0];
  if (next) room.current.value = fieldKey(next);
}
