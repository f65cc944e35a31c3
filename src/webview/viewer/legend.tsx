/** The legend, in which each class can be switched on and off. */
import type { JSX } from 'preact';
import type { ShownClass } from '../../protocol/shownClasses.ts';
import { Checkbox } from '../controls.tsx';
import { colourOf, cssColour } from './palette.ts';

export function Legend({
  classes,
  shown,
  onChange,
}: {
  readonly classes: readonly ShownClass[];
  readonly shown: ReadonlySet<string>;
  readonly onChange: (shown: ReadonlySet<string>) => void;
}): JSX.Element {
  const toggle = (name: string, on: boolean) => {
    const next = new Set(shown);
    if (on) next.add(name);
    else next.delete(name);
    onChange(next);
  };
  return (
    <fieldset class="legend">
      <legend>Textures</legend>
      {classes.map(({ name, letter, label, colour }) => (
        <Checkbox
          key={name}
          checked={shown.has(name)}
          label={label}
          testId={`class-toggle-${name}`}
          onChange={(on) => toggle(name, on)}
        >
          <span class="swatch" style={{ background: cssColour(colourOf({ name, ...(colour && { colour }) })) }} />
          <b>{letter}</b> {label}
        </Checkbox>
      ))}
    </fieldset>
  );
}
