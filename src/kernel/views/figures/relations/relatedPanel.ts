/** One panel of the pictures of what `relate` related, and how panels and axes are called. */

import { REGIONS } from '../../../../protocol/names.ts';
import type { LinkedPatients, Provenance } from '../../../../protocol/view.ts';
import { classLabel } from '../../../../protocol/words/displayNames.ts';
import type { Outcome, Relation, Step } from '../../../agreement/association/relation.ts';

/** One outcome against what was measured, in one place and group. */
export interface RelatedPanel {
  readonly outcomeName: string;
  readonly region: string;
  /** Empty where there are no classes. */
  readonly class: string;
  readonly group: string | undefined;
  /** Of yes/no what counts as yes, and as no, where their words do not say it. */
  readonly yes?: string;
  readonly no?: string;
  readonly patients: readonly string[];
  /** In the order of the patients, as the outcome. */
  readonly x: readonly number[];
  readonly outcome: Outcome;
  readonly relation: Relation;
}

export interface RelationDrawing {
  /** The table and its column. */
  readonly name: string;
  readonly column: string;
  readonly confidence: number;
  readonly per: Step;
  /** Of survival: the column of times. */
  readonly time: string | undefined;
  readonly provenance: Provenance;
}

/** What tells panels apart, in words; empty where there is one alone. */
export function panelName(panel: RelatedPanel, among: readonly RelatedPanel[]): string {
  const differs = (of: (own: RelatedPanel) => unknown) => new Set(among.map(of)).size > 1;
  return [
    differs((own) => own.outcomeName) ? panel.outcomeName : '',
    panel.class === '' ? '' : classLabel(panel.class),
    differs((own) => own.region) ? panel.region : '',
    panel.group ?? '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** The patients behind panels, so that they can be selected; outcomes that are no numbers are 1 for yes and 0 for no, or the place of the group. */
export function linkedPanels(panels: readonly RelatedPanel[], { column }: RelationDrawing): LinkedPatients {
  const outcomes = [...new Set(panels.map(({ outcomeName }) => outcomeName))].join(', ');
  return {
    names: { left: column, right: outcomes },
    panels: panels.map((panel) => ({
      class: panel.class === '' ? column : panel.class,
      region: REGIONS.find((own) => own === panel.region) ?? 'total',
      rows: panel.patients.map((patient, n) => ({ patient, left: panel.x[n]!, right: outcomeAt(panel.outcome, n) })),
    })),
  };
}

function outcomeAt(outcome: Outcome, n: number): number {
  switch (outcome.kind) {
    case 'number':
      return outcome.values[n]!;
    case 'yes-no':
      return Number(outcome.values[n]);
    case 'groups':
      return outcome.levels.indexOf(outcome.values[n]!) + 1;
    case 'survival':
      return outcome.values[n]!.time;
  }
}

/** "percent of Reticulation", "percent". */
export function axisTitle({ column }: RelationDrawing, panel: RelatedPanel): string {
  return panel.class === '' ? column : `${classLabel(panel.class)} (${column === 'percent' ? '%' : column})`;
}
