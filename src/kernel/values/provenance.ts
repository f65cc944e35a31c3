/** Provenance grows with every step: what was left out, kept and derived stays with the result, one after another. */
import type { Provenance } from '../../protocol/view.ts';
import type { ParameterName } from '../../protocol/words/parameters.ts';
import { counted } from '../base/counted.ts';
import type { StudyFlow } from './studyFlow.ts';

type Parameters = Provenance['parameters'];

/** Parameters that name steps, or what was done by hand; of two results that are compared, the steps of both count. */
const STEPS: readonly ParameterName[] = ['editedByHand', 'leftOut', 'where', 'derived', 'joined'];

/** With one more step of a kind; `where` and `derived` take an expression as the notebook has it, `joined` the names of both tables. */
export function withStepDone(provenance: Provenance, kind: 'where' | 'derived' | 'joined', step: string): Provenance {
  return { ...provenance, parameters: joinedParameters(provenance.parameters, { [kind]: [step] }) };
}

/** With who was left out on the way, if anybody: how many of how many, and why. */
export function withFlowTold(provenance: Provenance, flow: StudyFlow | undefined): Provenance {
  if (!flow?.steps.length) return provenance;
  const leftOut = flow.steps.map(
    ({ excluded, visitsExcluded, remaining, reason }) =>
      `${visitsExcluded ? `${counted(visitsExcluded.length, 'visit')}, and ` : ''}${excluded.length} of ${counted(excluded.length + remaining, 'patient')}: ${reason}`,
  );
  return { ...provenance, parameters: { ...provenance.parameters, leftOut } };
}

/** The parameters of two results; where both have one, the second's counts, but steps are those of both. */
export function joinedParameters(first: Parameters, second: Parameters): Parameters {
  const steps = STEPS.flatMap((name): [string, string[]][] => {
    const all = [first[name], second[name]].flatMap((own) => (Array.isArray(own) ? own.map(String) : []));
    return all.length ? [[name, [...new Set(all)]]] : [];
  });
  return { ...first, ...second, ...Object.fromEntries(steps) };
}
