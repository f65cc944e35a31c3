/** The per-lobe report beside the picture, as in the study's figures: percent of N, G, C, R, H, E and the volume. */
import type { JSX } from 'preact';
import {
  TEXTURE_CLASS_LABELS,
  TEXTURE_CLASS_LETTERS,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../protocol/names.ts';
import type { LobarReport } from '../../protocol/view.ts';
import { CLASS_COLOURS, cssColour } from './palette.ts';

export function Report({
  report,
  caption = 'Percent of region',
  onJump,
}: {
  readonly report: LobarReport;
  readonly caption?: string;
  readonly onJump: (textureClass: TextureClass) => void;
}): JSX.Element {
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
              <td key={name}>{row.percent[name]?.toFixed(1) ?? ''}</td>
            ))}
            <td>{row.volumeMl.toFixed(0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
