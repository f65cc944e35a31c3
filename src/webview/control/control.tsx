/** A parameter as a slider, a drop-down, a check box or a field. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ControlView } from '../../protocol/view.ts';
import { Checkbox, Choice } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';
import { Prose } from '../prose.tsx';
import { Range } from '../range.tsx';
import { createMoves, undoKey } from './moves.ts';

type Value = ControlView['value'];

export function ControlOutput({
  view,
  messaging,
}: {
  readonly view: ControlView;
  readonly messaging: Messaging;
}): JSX.Element {
  // Between the hand's movement and the kernel's answer the control shows what the hand did.
  const [value, setValue] = useState<Value>(view.value);
  const [moves] = useState(createMoves);
  useEffect(() => {
    if (moves.answers(view.value)) setValue(view.value);
  }, [view]);
  const { changeParameter } = messaging;
  const isRestricted = messaging.isRestricted.value;
  const fixed = messaging.whyFixed?.(view.name);
  const move = (moved: Value) => {
    setValue(moved);
    moves.send(moved);
    changeParameter?.({ name: view.name, value: moved, gesture: moves.gesture() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = undoKey(event);
    if (!event.repeat) moves.begin();
    // What is being typed has an undo of its own.
    const isTyped = event.target instanceof HTMLInputElement && event.target.value !== String(value);
    if (!key || isTyped || isRestricted || fixed !== undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const other = key === 'undo' ? moves.undo(value) : moves.redo(value);
    if (other !== undefined) move(other);
  };
  return (
    <section
      class="output control-output"
      data-testid="control"
      aria-label={`Parameter ${view.name}`}
      onKeyDown={onKeyDown}
      onPointerDown={() => moves.begin()}
    >
      <span class="name" aria-hidden="true">
        {view.name.replaceAll('_', ' ')}
      </span>
      <Control
        view={view}
        value={value}
        disabled={!changeParameter || isRestricted || fixed !== undefined}
        onChange={(moved) => {
          if (moved === value) return;
          moves.remember(value);
          move(moved);
        }}
      />
      {fixed !== undefined && (
        <span class="note" data-testid="fixed">
          <Prose text={fixed} />
        </span>
      )}
      {isRestricted && (
        <span class="note" role="status" data-testid="restricted">
          Nothing runs in a folder that is not trusted, so this cannot be moved.
        </span>
      )}
    </section>
  );
}

interface ControlProps {
  readonly view: ControlView;
  readonly value: Value;
  readonly disabled: boolean;
  readonly onChange: (value: Value) => void;
}

function Control({ view: { name, control }, value, disabled, onChange }: ControlProps): JSX.Element {
  switch (control.kind) {
    case 'slider':
      return <Slider name={name} control={control} value={Number(value)} disabled={disabled} onChange={onChange} />;
    case 'select':
      return (
        <Choice
          label={name}
          value={String(value)}
          options={control.options.map((option) => ({ value: option, label: option }))}
          disabled={disabled}
          onChange={onChange}
        />
      );
    case 'checkbox':
      return (
        <Checkbox label={name} checked={value === true} disabled={disabled} onChange={onChange}>
          {''}
        </Checkbox>
      );
    case 'number':
      return (
        <input
          type="number"
          step="any"
          class="field"
          aria-label={name}
          value={Number(value)}
          disabled={disabled}
          onChange={(event) => {
            const typed = event.currentTarget.valueAsNumber;
            if (Number.isFinite(typed)) onChange(typed);
            else event.currentTarget.value = String(value);
          }}
        />
      );
    case 'text':
      return (
        <input
          type="text"
          class="field"
          aria-label={name}
          value={String(value)}
          disabled={disabled}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** A slider with its number beside it, which can be typed. */
function Slider({
  name,
  control: { low, high, step },
  value,
  disabled,
  onChange,
}: {
  readonly name: string;
  readonly control: Extract<ControlView['control'], { kind: 'slider' }>;
  readonly value: number;
  readonly disabled: boolean;
  readonly onChange: (value: number) => void;
}): JSX.Element {
  const [refused, setRefused] = useState<string>();
  useEffect(() => setRefused(undefined), [value]);
  const range = { min: low, max: high, step, value, disabled };
  const typed = (field: HTMLInputElement) => {
    const number = field.valueAsNumber;
    const fits = number >= low && number <= high;
    setRefused(fits ? undefined : `${field.value || 'Nothing'} is not from ${low} to ${high}: ${value} stays.`);
    if (fits) onChange(number);
    else field.value = String(value);
  };
  return (
    <>
      <span class="end">{low}</span>
      <Range aria-label={name} {...range} onInput={(event) => onChange(event.currentTarget.valueAsNumber)} />
      <span class="end">{high}</span>
      <input
        type="number"
        class="field"
        aria-label={`${name}, as a number`}
        {...range}
        onChange={(event) => typed(event.currentTarget)}
      />
      <span class="refused" role="status">
        {refused}
      </span>
    </>
  );
}
