/** `summarise ai by COLUMN`: percent per class in groups of patients, with a test between them. */

import { type Region, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import type { CellValue, TableColumn, TableView } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { holm } from '../../agreement/adjustedP.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { classOf } from '../../base/labels.ts';
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import { firstOnlyNote, groupedPercents, testBetween } from '../../views/figures/groupedValues.ts';
import { type PercentRow, percentRows } from '../../views/figures/percents.ts';
import { medianAndQuartiles } from '../../views/spread.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';

interface AskedGroups {
  readonly by: string;
  readonly classes: readonly string[] | undefined;
  readonly region: Region;
}

export function summariseGroups(
  table: Named<'measurements' | 'table'>,
  { by, classes, region }: AskedGroups,
): { readonly view: TableView; readonly remarks: readonly Remark[] } {
  const { name, value } = table;
  const grouping = groupsIn([table], by);
  const rows = percentRows(value.table, name);
  const shown = classesShown(name, rows, classes);
  const summaries = shown.map((own) => {
    const groups = groupedPercents(rows, { region, class: own }, grouping);
    return { own, groups, test: testBetween(groups, grouping) };
  });
  const patients = (n: number) => new Set(summaries.flatMap(({ groups }) => groups[n]!.patients)).size;
  const adjusted = holm(summaries.map(({ test }) => test.p && valueIn(test.p)));
  const [test] = summaries.map(({ test: own }) => own.name);
  return {
    remarks: ungroupedRemarks(grouping, [...new Set(rows.map(({ patient }) => patient))]),
    view: {
      type: 'table',
      title: `Summary of ${name} by ${grouping.name}, ${regionInText(region)}`,
      columns: [
        { name: 'class', label: 'Class', kind: 'text' },
        ...grouping.groups.map(
          (group, n): TableColumn => ({ name: `group_${group}`, label: `${group} (n ${patients(n)})`, kind: 'text' }),
        ),
        {
          name: 'effect',
          label: grouping.groups.length === 2 ? 'r' : 'ε²',
          kind: 'number',
          digits: 2,
          ...(test ? { description: test } : {}),
        },
        { name: 'p', label: 'p', kind: 'p-value', digits: 3 },
        {
          name: 'p_holm',
          label: 'p (Holm)',
          kind: 'p-value',
          digits: 3,
          description: 'Adjusted for the number of classes',
        },
      ],
      rows: summaries.map(({ own, groups, test: between }, n): CellValue[] => [
        classLabel(own),
        ...groups.map(({ values }) => medianAndQuartiles(values, 1)),
        valueIn(between.value) ?? null,
        (between.p && valueIn(between.p)) ?? null,
        adjusted[n] ?? null,
      ]),
      totalRows: summaries.length,
      notes: [
        `Percent of the ${regionInText(region)}: median [first; third quartile]. Between groups: ${test}.`,
        ...firstOnlyNote(rows),
        ...emptyNotes(summaries),
      ],
      messages: [],
      researchOnly: true,
      provenance: {
        ...value.provenance,
        parameters: { ...value.provenance.parameters, groupTest: 'ranks', groupedBy: grouping.name },
      },
    },
  };
}

function emptyNotes(
  summaries: readonly { readonly own: string; readonly test: ReturnType<typeof testBetween> }[],
): string[] {
  const empty = summaries.flatMap(({ own, test }) => {
    const reason = undefinedReason([test.p]);
    return reason ? [{ own, reason }] : [];
  });
  return [...Map.groupBy(empty, ({ reason }) => reason)].map(
    ([reason, same]) => `${same.map(({ own }) => classLabel(own)).join(', ')}: no test where ${reason}.`,
  );
}

function classesShown(
  name: string,
  rows: readonly PercentRow[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const known = [...new Set(rows.map((row) => row.class))];
  const six: readonly string[] = TEXTURE_CLASSES;
  if (!asked) return [...six.filter((own) => known.includes(own)), ...known.filter((own) => !six.includes(own))];
  return asked.map((wanted) => {
    const found = [classOf(wanted), wanted].find((own) => own !== undefined && known.includes(own));
    if (found !== undefined) return found;
    throw new UserError('unknown-class', `\`${name}\` has no class \`${wanted}\`: ${suggestionFor(wanted, known)}`);
  });
}
