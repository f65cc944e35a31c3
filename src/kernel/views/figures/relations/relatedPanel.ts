/** One panel of the pictures of what `relate` related, and how panels and axes are called. */

import type { Provenance } from '../../../../protocol/view.ts';
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

/** "percent of Reticulation", "percent". */
export function axisTitle({ column }: RelationDrawing, panel: RelatedPanel): string {
  return panel.class === '' ? column : `${classLabel(panel.class)} (${column === 'percent' ? '%' : column})`;
}
