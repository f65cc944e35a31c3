/** The patients behind a figure's panels, so that they can be selected in it. */
import type { LinkedPatients } from '../../../protocol/view.ts';
import type { AgreementValue } from '../../values/value.ts';
import type { Panel } from './panels.ts';

/** `handle` as the measurements are kept by; none where no side was measured. */
export function linkedPatients(
  { names }: AgreementValue,
  panels: readonly Panel[],
  handle: string | undefined,
): LinkedPatients {
  return {
    ...(handle === undefined ? {} : { handle }),
    names,
    panels: panels.map(({ group }) => ({
      class: group.class,
      // Pooled lobes are those of the whole lungs.
      region: group.region === 'lobes' ? 'total' : group.region,
      rows: group.pairs.map(({ patient, lobe, left, right, leftCategory, rightCategory }) => ({
        patient,
        ...(lobe ? { lobe } : {}),
        left,
        right,
        leftCategory,
        rightCategory,
      })),
    })),
  };
}
