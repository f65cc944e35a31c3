/** The pictures of what `relate` related: by the word of `plot … as`, of the rows that are left of its table. */
import type { ColumnTable } from 'arquero';
import type { Outcome } from '../../../agreement/association/relation.ts';
import { UserError } from '../../../base/userError.ts';
import type { AskedFigure, TableValue } from '../../../values/value.ts';
import { effectForest } from './effectForest.ts';
import { outcomeBoxes } from './outcomeBoxes.ts';
import type { RelatedPanel, RelationDrawing } from './relatedPanel.ts';
import { scatterFit } from './scatterFit.ts';
import { survivalCurves } from './survivalCurves.ts';

type Figures = NonNullable<TableValue['figures']>;

/** `left` gives the panels of the rows that are left of the table. */
export function relationFigures<P extends RelatedPanel>(
  panels: readonly P[],
  left: (table: ColumnTable) => readonly P[],
  drawing: RelationDrawing,
): Figures {
  const has = (...kinds: Outcome['kind'][]) => panels.some(({ outcome }) => kinds.includes(outcome.kind));
  const drawn =
    (...kinds: Outcome['kind'][]) =>
    (table: ColumnTable, asked: AskedFigure) =>
      chosen(left(table), asked, kinds);
  return {
    ...(has('number') ? { scatter: (table, asked) => scatterFit(drawn('number')(table, asked), drawing) } : {}),
    ...(has('yes-no', 'groups')
      ? { box: (table, asked) => outcomeBoxes(drawn('yes-no', 'groups')(table, asked), drawing) }
      : {}),
    ...(has('survival')
      ? { 'kaplan-meier': (table, asked) => survivalCurves(drawn('survival')(table, asked), asked.cuts, drawing) }
      : {}),
    ...(has('number', 'yes-no', 'survival')
      ? { forest: (table, asked) => effectForest(all(left(table), asked), drawing) }
      : {}),
  } satisfies Figures;
}

/** Of one region, the first where none is asked for. */
function chosen<P extends RelatedPanel>(
  panels: readonly P[],
  asked: AskedFigure,
  kinds: readonly Outcome['kind'][],
): P[] {
  const region = asked.region ?? panels[0]?.region;
  return all(panels, { ...asked, region }, kinds).filter(({ patients }) => patients.length > 0);
}

function all<P extends RelatedPanel>(
  panels: readonly P[],
  { classes, region }: Pick<AskedFigure, 'classes' | 'region'>,
  kinds: readonly Outcome['kind'][] = ['number', 'yes-no', 'survival'],
): P[] {
  const found = panels.filter(
    (panel) =>
      kinds.includes(panel.outcome.kind) &&
      (region === undefined || panel.region === region) &&
      (classes === undefined || classes.includes(panel.class)),
  );
  if (found.length > 0) return found;
  throw new UserError(
    'not-compared',
    `Nothing was related${classes ? ` of ${classes.join(', ')}` : ''}${region ? ` in ${region}` : ''} that can be drawn so. Add it to the \`for\` or \`by region\` of its \`relate\`.`,
  );
}
