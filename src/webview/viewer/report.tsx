/** The per-lobe report beside the picture, as in the study's figures: percent of N, G, C, R, H, E, those of the model, and the volume. */

import type { JSX } from 'preact';
import type { ShownClass } from '../../protocol/shownClasses.ts';
import type { LobarReport } from '../../protocol/view.ts';
import { regionLabel } from '../../protocol/words/displayNames.ts';
import { colourOf, cssColour } from './palette.ts';

export function Report({
  classes,
  report,
  caption = 'Percent of region',
  isDifference = false,
  onJump,
}: {
  readonly classes: readonly ShownClass[];
  readonly report: LobarReport;
  readonly caption?: string;
  /** Numbers carry their sign. */
  readonly isDifference?: boolean;
  /** Absent where there is no other slice to go to. */
  readonly onJump: ((name: string) => void) | undefined;
}): JSX.Element {
  const inWords = isDifference ? signed : plain;
  return (
    <table class="report" data-testid="report">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Region</th>
          {classes.map((one) => (
            <th key={one.name} scope="col">
              <ClassHeading one={one} onJump={onJump && (() => onJump(one.name))} />
            </th>
          ))}
          <th scope="col">ml</th>
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.region} class={row.region === 'total' ? 'total' : undefined}>
            <th scope="row">{row.region === 'total' ? 'Total' : regionLabel(row.region)}</th>
            {classes.map(({ name }) => (
              <td key={name}>{inWords(row.percent[name] ?? null, 1)}</td>
            ))}
            <td>{inWords(row.volumeMl, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ClassHeading({
  one,
  onJump,
}: {
  readonly one: ShownClass;
  readonly onJump: (() => void) | undefined;
}): JSX.Element {
  const sign = (
    <>
      <span class="swatch" style={{ background: cssColour(colourOf(one)) }} />
      {one.letter}
    </>
  );
  if (!onJump) return <abbr title={one.label}>{sign}</abbr>;
  return (
    <button
      type="button"
      title={`Go to the slice with most ${one.label.toLowerCase()}`}
      data-testid={`jump-${one.name}`}
      onClick={onJump}
    >
      {sign}
    </button>
  );
}

function plain(value: number | null, digits: number): string {
  return value?.toFixed(digits) ?? '';
}

function signed(value: number | null, digits: number): string {
  if (value === null) return '';
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
