/** What stands under every result: that it is for research only, and where it came from. */
import type { JSX } from 'preact';
import type { Provenance } from '../protocol/view.ts';
import { handInWords } from '../protocol/words/byHand.ts';
import { parameterInWords } from '../protocol/words/parameters.ts';

export function ResearchOnly(): JSX.Element {
  return <p class="research-only">Research only. Not a medical device; not for diagnosis.</p>;
}

export function ProvenanceDetails({ provenance }: { readonly provenance: Provenance | undefined }): JSX.Element | null {
  if (!provenance) return null;
  const byHand = handInWords(provenance);
  return (
    <>
      {byHand !== undefined && (
        <p class="by-hand" data-testid="by-hand">
          {byHand}
        </p>
      )}
      <Details provenance={provenance} />
    </>
  );
}

function Details({ provenance }: { readonly provenance: Provenance }): JSX.Element {
  const parameters = Object.entries(provenance.parameters).map(([name, value]) => parameterInWords(name, value));
  const inputs = Object.entries(provenance.inputs);
  return (
    <details class="provenance">
      <summary>Where this comes from</summary>
      <dl>
        <dt>Software</dt>
        <dd>{provenance.software}</dd>
        {provenance.models.map((model) => (
          <>
            <dt>Model</dt>
            <dd>
              {model.id} {model.version}, {model.licence}, SHA-256 <code>{model.sha256.slice(0, 16)}…</code>
            </dd>
          </>
        ))}
        {parameters.map(({ label, text }) => (
          <>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </>
        ))}
        <dt>Inputs</dt>
        <dd>
          {provenance.inputsUnknown && (
            <div>
              not known, since the notebook’s file was merged from others or changed by hand; run the cell again
            </div>
          )}
          {inputs.slice(0, 12).map(([name, sha256]) => (
            <div key={name}>
              {name} <code>{sha256.slice(0, 12)}…</code>
            </div>
          ))}
          {inputs.length > 12 && <div>and {inputs.length - 12} more</div>}
        </dd>
      </dl>
    </details>
  );
}
