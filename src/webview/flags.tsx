/** Flags of CTs, each with its code, its CT and its reason; the sign does not rest on colour alone. */
import type { JSX } from 'preact';
import type { SeriesRemark } from '../protocol/remark.ts';
import { SEVERITY_NAMES, SEVERITY_SIGNS } from './messages.tsx';
import { Prose } from './prose.tsx';

/** `withPlace` names the patient and series of each flag. */
export function Flags({
  flags,
  withPlace,
}: {
  readonly flags: readonly SeriesRemark[];
  readonly withPlace: boolean;
}): JSX.Element | null {
  if (flags.length === 0) return null;
  return (
    <ul class="flags" data-testid="flags">
      {flags.map(({ patient, series, severity, code, message }) => (
        <li key={`${patient} ${series} ${message}`} class={severity}>
          <span class="sign" role="img" aria-label={SEVERITY_NAMES[severity]}>
            {SEVERITY_SIGNS[severity]}
          </span>
          <span>
            {withPlace && `${patient}, ${series} `}
            <span class="code">{code}</span> <Prose text={message} />
          </span>
        </li>
      ))}
    </ul>
  );
}
