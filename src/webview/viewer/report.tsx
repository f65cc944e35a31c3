/** The per-lobe report beside the picture, as in the study's figures: percent of N, G, C, R, H, E, those of the model, and the volume. */
import type { JSX } from 'preact';
import type { ShownClass } from '../../protocol/shownClasses.ts';
import type { LobarReport } from '../../protocol/view.ts';
import { colourOf, cssColour } from './palette.ts';

export function Report({
  classes,
  report,
  onJump,
}: {
  readonly classes: readonly ShownClass[];
  readonly report: LobarReport;
  readonly onJump: (name: string) => void;
}): JSX.Element {
  return (
    <table class="report" data-testid="report">
      <caption>Percent of region</caption>
      <thead>
        <tr>
          <th scope="col">Region</th>
          {classes.map((one) => (
            <th key={one.name} scope="col">
              <button
                type="button"
                title={`Go to the slice with most ${one.label.toLowerCase()}`}
                data-testid={`jump-${one.name}`}
                onClick={() => onJump(one.name)}
              >
                <span class="swatch" style={{ background: cssColour(colourOf(one)) }} />
                {one.letter}
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
            {classes.map(({ name }) => (
              <td key={name}>{row.percent[name]?.toFixed(1) ?? ''}</td>
            ))}
            <td>{row.volumeMl.toFixed(0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
