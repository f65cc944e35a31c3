/** Above the pictures: what the series is, why this slice was chosen, and what the self-checks found. */
import type { JSX } from 'preact';
import type { SingleSliceView } from '../../protocol/view.ts';
import { Flags } from '../flags.tsx';

/** Of two CTs each stands over its own picture. */
export function Headings({
  views,
  withRemarks,
}: {
  readonly views: readonly SingleSliceView[];
  readonly withRemarks: boolean;
}): JSX.Element {
  return (
    <div class="headings">
      {views.map((view, n) => (
        <div key={n}>
          <Heading view={view} />
          {withRemarks && <Remarks view={view} />}
        </div>
      ))}
    </div>
  );
}

function Heading({ view: { title, facts } }: { readonly view: SingleSliceView }): JSX.Element {
  return (
    <header>
      <h3>{title}</h3>
      <p class="facts">{facts.map((fact) => `${fact.name} ${fact.value}`).join(' · ')}</p>
    </header>
  );
}

export function Remarks({ view: { reason, edited, flags } }: { readonly view: SingleSliceView }): JSX.Element {
  return (
    <>
      {reason && (
        <p class="note" data-testid="reason">
          {reason}
        </p>
      )}
      {edited && (
        <p class="by-hand" data-testid="edited">
          Edited by hand: {edited.join('; ')}.
        </p>
      )}
      {flags && <Flags flags={flags} withPlace={false} />}
      {flags?.length === 0 && (
        <p class="note" data-testid="no-flags">
          No flags: the self-checks found nothing unusual.
        </p>
      )}
    </>
  );
}
