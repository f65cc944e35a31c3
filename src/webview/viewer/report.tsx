/** The per-lobe report beside the picture, as in the study's figures: percent of N, G, C, R, H, E and the volume. */
import type { JSX } from 'preact';
import {
  TEXTURE_CLASS_LABELS,
  TEXTURE_CLASS_LETTERS,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../protocol/names.ts';
import { CLASS_COLOURS } from '../../protocol/segmentColours.ts';
import type { LobarReport } from '../../protocol/view.ts';
import { cssColour } from './palette.ts';

export function Report({
  report,
  caption = 'Percent of region',
  isDifference = false,
  onJump,
}: {
  readonly report: LobarReport;
  readonly caption?: string;
  /** Numbers carry their sign. */
  readonly isDifference?: boolean;
  readonly onJump: (textureClass: TextureClass) => void;
}): JSX.Element {
  const inWords = isDifference ? signed : plain;
  return (
    <table class="report" data-testid="report">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Region</th>
          {TEXTURE_CLASSES.map((name) => (
            <th key={name} scope="col">
              <button
                type="button"
                title={`Go to the slice with most ${TEXTURE_CLASS_LABELS[name].toLowerCase()}`}
                data-testid={`jump-${name}`}
                onClick={() => onJump(name)}
              >
                <span class="swatch" style={{ background: cssColour(CLASS_COLOURS[name]) }} />
                {TEXTURE_CLASS_LETTERS[name]}
              </button>
            </th>
          ))}
          <th scope="col">ml</th>
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.region} class={row.region === 'total' ? 'total' : undefined}>
            <th scope="row">{row.region === 'total' ? 'Total' : row.region}</th>
            {TEXTURE_CLASSES.map((name) => (
              <td key={name}>{inWords(row.percent[name], 1)}</td>
            ))}
            <td>{inWords(row.volumeMl, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
