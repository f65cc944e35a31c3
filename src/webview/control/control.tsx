/** A parameter as a slider, a drop-down, a check box or a field. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ControlView } from '../../protocol/view.ts';
import { Checkbox, Choice } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';

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
  useEffect(() => setValue(view.value), [view.value]);
  const { changeParameter } = messaging;
  const change = (moved: Value) => {
    setValue(moved);
    changeParameter?.(view.name, moved);
  };
  return (
    <section class="output control-output" data-testid="control">
      <span class="name">{view.name.replaceAll('_', ' ')}</span>
      <Control view={view} value={value} disabled={!changeParameter} onChange={change} />
    </section>
  );
}

function Control({
  view: { name, control },
  value,
  disabled,
  onChange,
}: {
  readonly view: ControlView;
  readonly value: Value;
  readonly disabled: boolean;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  switch (control.kind) {
    case 'slider': {
      const range = { min: control.low, max: control.high, step: control.step, value: Number(value), disabled };
      return (
        <>
          <input
            type="range"
            aria-label={name}
            {...range}
            onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
          />
          <input
            type="number"
            class="field"
            aria-label={`${name}, as a number`}
            {...range}
            onChange={(event) => {
              const typed = event.currentTarget.valueAsNumber;
              if (typed >= control.low && typed <= control.high) onChange(typed);
              else event.currentTarget.value = String(value);
            }}
          />
        </>
      );
    }
    case 'select':
      return (
        <Choice
          label={name}
          value={String(value)}
          options={control.options.map((option) => ({ value: option, label: option }))}
          onChange={onChange}
        />
      );
    case 'checkbox':
      return (
        <Checkbox label={name} checked={value === true} onChange={onChange}>
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
