/** What was measured in patients of each outcome, as boxes. */
import type { FigureView } from '../../../../protocol/view.ts';
import type { Outcome } from '../../../agreement/association/relation.ts';
import { BOX_NOTE, type BoxPanel, boxLayout, boxTraces, sizesOf, testText } from '../groupBoxes.ts';
import { RESEARCH_ONLY } from '../panels.ts';
import { axisTitle, linkedPanels, panelName, type RelatedPanel, type RelationDrawing } from './relatedPanel.ts';

export function outcomeBoxes(panels: readonly RelatedPanel[], drawing: RelationDrawing): FigureView {
  const { name, column, provenance } = drawing;
  const outcomes = [...new Set(panels.map(({ outcomeName }) => outcomeName))].join(', ');
  const boxes = panels.map((panel): BoxPanel => {
    const words = wordsOf(panel);
    return {
      heading: panelName(panel, panels),
      across: panel.outcomeName,
      upwards: axisTitle(drawing, panel),
      fromZero: column === 'percent',
      groups: words.map(({ name: own, belongs }) => {
        const rows = panel.patients.flatMap((_, n) => (belongs(n) ? [n] : []));
        return { name: own, values: rows.map((n) => panel.x[n]!), patients: rows.map((n) => panel.patients[n]!), rows };
      }),
      test: panel.relation.rank,
    };
  });
  return {
    type: 'figure',
    title: `${column} of ${name} by ${outcomes}`,
    sizes: sizesOf(boxes),
    description: `Box plots of ${column} by ${outcomes}: ${boxes.map(({ heading, groups, test }) => `${heading} ${groups.map((group) => `${group.name} n ${group.values.length}`).join(', ')}, ${testText(test)}`).join('; ')}.`,
    data: boxTraces(boxes),
    layout: boxLayout(boxes),
    notes: [BOX_NOTE, RESEARCH_ONLY],
    patients: linkedPanels(panels, drawing),
    provenance,
  };
}

function wordsOf({ outcome, yes, no }: RelatedPanel): { name: string; belongs: (n: number) => boolean }[] {
  const values: Outcome['values'] = outcome.values;
  if (outcome.kind === 'groups')
    return outcome.levels
      .filter((level) => outcome.values.includes(level))
      .map((level) => ({ name: level, belongs: (n) => values[n] === level }));
  return [
    { name: no ?? 'no', belongs: (n) => values[n] === false },
    { name: yes ?? 'yes', belongs: (n) => values[n] === true },
  ];
}
