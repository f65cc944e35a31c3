/** The card of a session of reading in the notebook: how far it is, what is recorded, and the way into the room. */
import type { JSX } from 'preact';
import type { ReadingView } from '../../protocol/view.ts';
import { READING_HAPPENS } from '../../protocol/views/reading.ts';
import { Button } from '../controls.tsx';
import { ProvenanceDetails } from '../footer.tsx';
import type { Messaging } from '../messaging.ts';

export interface ReadingCardProps {
  readonly view: ReadingView;
  readonly messaging: Pick<Messaging, 'openReading'>;
}

export function ReadingCard({ view, messaging: { openReading } }: ReadingCardProps): JSX.Element {
  const { title, name, cases, done, begun, facts, blocked, provenance } = view;
  const isOver = cases > 0 && done === cases;
  const label = isOver ? 'Look Through' : begun ? 'Continue' : 'Begin';
  return (
    <section class="output reading-card" data-testid="reading-card" aria-label={title}>
      <h3>{title}</h3>
      <p class="reading-progress">
        <progress value={done} max={Math.max(1, cases)} aria-label="Cases read" />
        <span>
          {done} of {cases} {cases === 1 ? 'case' : 'cases'} read
        </span>
      </p>
      <dl>
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {blocked !== undefined && (
        <p role="status" data-testid="reading-blocked">
          {blocked}
        </p>
      )}
      {openReading ? (
        blocked === undefined && (
          <Button label={label} primary testId="begin-reading" onClick={() => openReading(name)} />
        )
      ) : (
        <p class="note">{READING_HAPPENS}</p>
      )}
      <ProvenanceDetails provenance={provenance} />
    </section>
  );
}
