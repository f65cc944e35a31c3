/** `plot … by COLUMN`: percentages, or any numbers, of groups of patients. */

import type { Region } from '../../../protocol/names.ts';
import type { FigureView } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { UserError } from '../../base/userError.ts';
import type { Measures } from '../../tables/measures.ts';
import { measuredClasses } from '../../values/measuredClasses.ts';
import type { Named } from '../../values/named.ts';
import { BOX_NOTE, type BoxPanel, boxLayout, boxTraces, sizesOf, testText } from '../../views/figures/groupBoxes.ts';
import { firstOnlyNote, groupedPercents, groupedValues, testBetween } from '../../views/figures/groupedValues.ts';
import { RESEARCH_ONLY } from '../../views/figures/panels.ts';
import { percentRows } from '../../views/figures/percents.ts';
import { stackedGroups } from '../../views/figures/stacked.ts';
import { measuresIn } from '../agree/agreeMeasure.ts';
import { groupsIn } from '../groupsIn.ts';
import { inOwnColours } from './percentFigure.ts';

type Table = Named<'measurements' | 'table'>;

interface AskedGroups {
  readonly by: string;
  readonly classes: readonly string[] | undefined;
  readonly region: Region;
  /** A column in the place of percentages. */
  readonly on: string | undefined;
}

export function figureOfGroups(kind: 'box' | 'stacked', table: Table, asked: AskedGroups): FigureView {
  const { name, value } = table;
  const grouping = groupsIn([table], asked.by);
  const provenance = {
    ...value.provenance,
    parameters: { ...value.provenance.parameters, groupTest: 'ranks', groupedBy: grouping.name },
  };
  const { region } = asked;
  if (kind === 'stacked')
    return inOwnColours(
      stackedGroups({
        name,
        rows: percentRows(value.table, name),
        shown: asked.classes ?? measuredClasses(value).filter((own) => own !== 'normal'),
        region,
        grouping,
        provenance,
      }),
      value,
    );
  const panels =
    asked.on === undefined
      ? percentPanels(table, asked, grouping)
      : numberPanels(table, asked.on, { ...asked, grouping });
  const what = asked.on ?? `Extent in the ${regionInText(region)}`;
  return {
    type: 'figure',
    title: `${what} by ${grouping.name}: ${name}`,
    description: `Box plots by ${grouping.name}: ${panels.map(({ heading, groups, test }) => `${heading} ${groups.map((group) => `${group.name} n ${group.values.length}`).join(', ')}, ${testText(test)}`).join('; ')}.`,
    sizes: sizesOf(panels),
    data: boxTraces(panels),
    layout: boxLayout(panels),
    notes: [
      BOX_NOTE,
      'p is not adjusted for the number of panels.',
      ...(asked.on === undefined ? firstOnlyNote(percentRows(value.table, name)) : []),
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

function percentPanels({ name, value }: Table, { classes, region }: AskedGroups, grouping: Grouping): BoxPanel[] {
  const rows = percentRows(value.table, name);
  return (classes ?? measuredClasses(value)).map((own) => {
    const groups = groupedPercents(rows, { region, class: own }, grouping);
    return {
      heading: classLabel(own),
      across: grouping.name,
      upwards: `Percent of the ${regionInText(region)}`,
      fromZero: true,
      groups,
      test: testBetween(groups, grouping),
    };
  });
}

type Grouping = ReturnType<typeof groupsIn>;

function numberPanels(
  table: Table,
  on: string,
  { classes, region, grouping }: Pick<AskedGroups, 'classes' | 'region'> & { readonly grouping: Grouping },
): BoxPanel[] {
  const { rows, classes: known } = measuresIn(table, on);
  return panelClasses(table.name, known, classes).map((own) => {
    const inPlace = rows.filter((row) => row.region === region && (own === undefined || row.class === own));
    const groups = groupedValues(inPlace, grouping);
    return {
      heading: own === undefined ? '' : classLabel(own),
      across: grouping.name,
      upwards: on,
      fromZero: false,
      groups,
      test: testBetween(groups, grouping),
    };
  });
}

function panelClasses(
  name: string,
  known: Measures['classes'],
  asked: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (known.length > 0) return asked ?? known;
  if (asked) throw new UserError('no-classes', `\`${name}\` has no column \`class\`; leave \`for\` out.`);
  return [undefined];
}
