/** The patients behind a figure's panels, so that they can be selected in it. */
import type { LinkedPatients } from '../../../protocol/view.ts';
import type { AgreementValue } from '../value.ts';
import type { Panel } from './panels.ts';

/** `handle` as `keepMeasurements` gave it; none where no side was measured. */
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
      rows: group.pairs.map(({ patient, left, right, leftCategory, rightCategory }) => ({
        patient,
        left,
        right,
        leftCategory,
        rightCategory,
      })),
    })),
  };
}
