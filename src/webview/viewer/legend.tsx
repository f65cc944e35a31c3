/** The legend, in which each class can be switched on and off. */
import type { JSX } from 'preact';
import {
  TEXTURE_CLASS_LABELS,
  TEXTURE_CLASS_LETTERS,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../protocol/names.ts';
import { CLASS_COLOURS } from '../../protocol/segmentColours.ts';
import { Checkbox } from '../controls.tsx';
import { cssColour } from './palette.ts';

export function Legend({
  shown,
  onChange,
}: {
  readonly shown: ReadonlySet<TextureClass>;
  readonly onChange: (shown: ReadonlySet<TextureClass>) => void;
}): JSX.Element {
  const toggle = (name: TextureClass, on: boolean) => {
    const next = new Set(shown);
    if (on) next.add(name);
    else next.delete(name);
    onChange(next);
  };
  return (
    <fieldset class="legend">
      <legend>Textures</legend>
      {TEXTURE_CLASSES.map((name) => (
        <Checkbox
          key={name}
          checked={shown.has(name)}
          label={TEXTURE_CLASS_LABELS[name]}
          testId={`class-toggle-${name}`}
          onChange={(on) => toggle(name, on)}
        >
          <span class="swatch" style={{ background: cssColour(CLASS_COLOURS[name]) }} />
          <b>{TEXTURE_CLASS_LETTERS[name]}</b> {TEXTURE_CLASS_LABELS[name]}
        </Checkbox>
      ))}
    </fieldset>
  );
}
