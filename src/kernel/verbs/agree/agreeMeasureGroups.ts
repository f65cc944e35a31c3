/** `agree … on COLUMN by COLUMN`: two sides in the same unit, in groups of patients, and whether their bias differs between the groups. */
import { from } from 'arquero';
import { welchTest } from '../../agreement/association/meansOfGroups.ts';
import { type MeasureGroup, meansOfPatients } from '../../agreement/continuous/measurePairs.ts';
import { measureRow } from '../../agreement/continuous/measureStatistics.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import { emptyWhere, placeAmong, sentencesOf } from '../../values/remarks.ts';
import { measureHeadings } from '../../views/measureHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';
import type { VerbResult } from '../verb.ts';
import { classesOf, measureGroup, measuresIn } from './agreeMeasure.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { excludedFrom } from './readings.ts';

/** `column` is the one that both sides have, `by` that of the groups. */
export function agreeMeasureGroups(
  [left, right]: readonly [Side, Side],
  column: string,
  by: string,
  asked: AgreeArguments,
): VerbResult {
  const grouping = groupsIn([left, right], by);
  const sides = [measuresIn(left, column), measuresIn(right, column)] as const;
  const { patients, remarks: unmatched } = matchPatients(
    { name: left.name, scores: sides[0], excluded: excludedFrom(left) },
    { name: right.name, scores: sides[1], excluded: excludedFrom(right) },
  );
  const confidence = asked.level / 100;
  const rows = classesOf([left, right], sides, asked).flatMap((name) => {
    const groups = grouping.groups.map((group) => {
      const own = patients.filter((patient) => grouping.groupOf.get(patient) === group);
      return measureGroup(sides, own, { region: 'total', name });
    });
    const test = welchTest(groups.map(differencesOf));
    return groups.map((group, n) => ({ name: grouping.groups[n]!, test, ...measureRow(group, confidence) }));
  });
  if (rows.every(({ row }) => row.n === 0))
    throw new UserError(
      'no-pairs',
      `\`${left.name}\` and \`${right.name}\` have no ${column} in common of patients with a ${grouping.name}.`,
    );
  const provenance = provenanceOf(left, right, {
    on: column,
    level: asked.level,
    repetition: 'none',
    biasBetween: grouping.name,
  });
  const hasClasses = rows.some(({ row }) => row.class !== '');
  const table = from(
    rows.map(({ name, test, row: { region, class: own, ...rest } }) => ({
      region,
      ...(hasClasses ? { class: own } : {}),
      group: name,
      bias_p_groups: test.p && valueIn(test.p),
      ...rest,
    })),
  );
  const places = rows.map(({ row }) => row);
  const placeIn = (row: (typeof places)[number]) => placeAmong(row, places);
  const notes = rows.flatMap(({ name, row, reasons, test }) => [
    ...reasons.map((reason) => {
      const remark = emptyWhere(reason, placeIn(row));
      return { ...remark, place: [remark.place, name].filter(Boolean).join(', ') };
    }),
    ...(undefinedReason([test.p]) ? [emptyWhere(undefinedReason([test.p])!, placeIn(row), 'p between groups')] : []),
  ]);
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    remarks: [...ungroupedRemarks(grouping, patients), ...unmatched, ...sides.flatMap(({ remarks }) => remarks)],
    view: () =>
      tableView(table, {
        title: `${column} of ${left.name} and ${right.name} by ${grouping.name}`,
        notes: [
          `Intervals are ${Number(asked.level.toPrecision(6))} % confidence intervals; limits enclose 95 % of differences. p between groups: Welch’s test of the differences, whose means are the biases.`,
          ...new Set(sentencesOf(notes)),
        ],
        researchOnly: true,
        provenance,
        columns: {
          ...measureHeadings(asked.level),
          group: { label: grouping.name, kind: 'text' },
          bias_p_groups: { label: 'p (bias between groups)', kind: 'p-value', digits: 3 },
        },
      }),
  };
}

function differencesOf(group: MeasureGroup): number[] {
  const [left, right] = meansOfPatients(group);
  return left.map((value, n) => value - right[n]!);
}
