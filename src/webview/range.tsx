/** A slider in the theme's colours; the browser's own has a white track in dark themes. */
import type { InputHTMLAttributes, JSX } from 'preact';

type RangeProps = Omit<InputHTMLAttributes, 'type' | 'role' | 'list' | 'style' | 'value' | 'min' | 'max'> & {
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly 'data-testid'?: string;
};

export function Range(props: RangeProps): JSX.Element {
  const { min, max, value } = props;
  const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
  return <input type="range" {...props} style={{ '--share': share }} />;
}
