/** What `relate` gives: a table with a row per outcome, region and class, its statistics in full, and its pictures. */

import { type ColumnTable, from } from 'arquero';
import type { Remark } from '../../../protocol/remark.ts';
import { classInText, regionInText } from '../../../protocol/words/displayNames.ts';
import { formatP } from '../../../protocol/words/formatCell.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { benjaminiHochberg, holm } from '../../agreement/adjustedP.ts';
import { EFFECTS, relation } from '../../agreement/association/relation.ts';
import { coefficientIn, valueIn } from '../../agreement/estimate.ts';
import { homogeneity } from '../../agreement/homogeneity.ts';
import { type NamedStatistic, statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { info, warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Named } from '../../values/named.ts';
import { placeAmong, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import type { TableValue } from '../../values/value.ts';
import type { RelatedPanel } from '../../views/figures/relations/relatedPanel.ts';
import { relationFigures } from '../../views/figures/relations/relationFigures.ts';
import { relationHeadings } from '../../views/relationHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import type { RelateArguments } from './clauses.ts';
import { type OutcomeColumn, type Place, type Related, relatedPatients, variableOf } from './relatedPatients.ts';

/** One row: what was related, and what came of it. */
interface Row extends RelatedPanel {
  readonly outcomeColumn: OutcomeColumn;
  readonly missing: number;
}

export function relateValue(
  named: Named<'measurements' | 'table'>,
  column: string,
  asked: RelateArguments,
): VerbResult {
  const related = relatedPatients(named, column, asked);
  const rows = related.outcomes.flatMap((outcome) =>
    related.places.map((place) => rowOf(related, { column, outcome, place }, asked)),
  );
  if (rows.every(({ patients }) => patients.length === 0)) throw nobody(named.name, column, asked, related);
  const provenance = {
    ...named.value.provenance,
    parameters: {
      ...named.value.provenance.parameters,
      relatedColumn: column,
      relatedWith: related.outcomes.map(({ name }) => name),
      relatedAs: [...new Set(related.outcomes.map(({ kind }) => kind))],
      ...(asked.adjusting ? { adjusting: [...asked.adjusting] } : {}),
      per: asked.per,
      level: asked.level,
      ...(related.groupsBy ? { relatedBy: related.groupsBy } : {}),
    },
  };
  const table = tableOf(rows, related);
  const parts = {
    column,
    name: named.name,
    confidence: asked.level / 100,
    per: asked.per,
    time: asked.event ? asked.with[0] : undefined,
    provenance,
  };
  const left = (shown: ColumnTable) => rowsLeft(shown, rows);
  const value: TableValue = {
    kind: 'table',
    table,
    cutPoints: undefined,
    ...(named.value.flow ? { flow: named.value.flow } : {}),
    statistics: (shown) =>
      statisticsTable(left(shown).flatMap((row) => statisticsOf(row, related.outcomes.length > 1))),
    figures: relationFigures(rows, left, parts),
    ...(named.value.kind === 'measurements' && named.value.measured.length > 0 ? { measurements: named.value } : {}),
    provenance,
  };
  return {
    value,
    remarks: [...related.remarks, ...remarksOf(rows)],
    view: () =>
      tableView(shownColumns(table, rows), {
        title: `${column} of ${named.name} with ${related.outcomes.map(({ name }) => name).join(', ')}`,
        notes: notesOf(rows, column, asked),
        researchOnly: true,
        provenance,
        columns: relationHeadings({
          kinds: related.outcomes.map(({ kind }) => kind),
          level: asked.level,
          groupsBy: related.groupsBy,
        }),
      }),
  };
}

function rowOf(
  related: Related,
  { column, outcome, place }: { readonly column: string; readonly outcome: OutcomeColumn; readonly place: Place },
  { per, level }: RelateArguments,
): Row {
  const x = related.x(place);
  const isComplete = (patient: string) =>
    x.has(patient) && outcome.has(patient) && related.covariates.every(({ values }) => values.has(patient));
  const members = related.members(place);
  const patients = members.filter(isComplete);
  const asked = {
    name: column,
    x: patients.map((patient) => x.get(patient)!),
    outcome: outcome.of(patients),
    covariates: related.covariates.map((covariate) => variableOf(covariate, patients)),
    per,
    confidence: level / 100,
  };
  return {
    ...place,
    outcomeColumn: outcome,
    outcomeName: outcome.name,
    ...(outcome.yes ? { yes: outcome.yes, no: outcome.no! } : {}),
    patients,
    x: asked.x,
    outcome: asked.outcome,
    relation: relation(asked),
    missing: members.length - patients.length,
  };
}

/** The columns of the table; those that are empty in all rows are left out. */
function tableOf(rows: readonly Row[], { groupsBy }: Related): ColumnTable {
  const [ranks, effects] = [
    adjusted(rows.map(({ relation }) => relation.rank)),
    adjusted(rows.map(({ relation }) => relation.effect)),
  ];
  const between = betweenGroups(rows);
  return from(
    rows.map((row, n) => {
      const { rank, effect, events } = row.relation;
      return {
        outcome: row.outcomeName,
        region: row.region,
        class: row.class,
        ...(groupsBy ? { group: row.group } : {}),
        n: row.patients.length,
        missing: row.missing,
        ...(rows.some(({ relation }) => relation.events !== undefined) ? { events } : {}),
        rank_test: rank.name,
        ...columnsOf('rank', rank, ranks[n]!),
        effect_of: effect && EFFECTS[row.outcome.kind],
        ...columnsOf('effect', effect, effects[n]!),
        ...(groupsBy ? { effect_p_groups: between.get(row) } : {}),
      };
    }),
  );
}

interface AdjustedP {
  readonly holm: number | undefined;
  readonly bh: number | undefined;
}

function adjusted(statistics: readonly (NamedStatistic | undefined)[]): AdjustedP[] {
  const p = statistics.map((own) => own?.p && valueIn(own.p));
  const [byHolm, byRate] = [holm(p), benjaminiHochberg(p)];
  return p.map((_, n) => ({ holm: byHolm[n], bh: byRate[n] }));
}

function columnsOf(prefix: 'rank' | 'effect', statistic: NamedStatistic | undefined, p: AdjustedP) {
  const { value, interval } = statistic ?? {};
  return {
    [prefix]: value && coefficientIn(value),
    [`${prefix}_ci_low`]: interval && coefficientIn(interval.ciLow),
    [`${prefix}_ci_high`]: interval && coefficientIn(interval.ciHigh),
    [`${prefix}_p`]: statistic?.p && valueIn(statistic.p),
    [`${prefix}_p_holm`]: p.holm,
    [`${prefix}_p_bh`]: p.bh,
  };
}

/** p of the same effect in all groups, for each row of them. */
function betweenGroups(rows: readonly Row[]): Map<Row, number | undefined> {
  const same = Map.groupBy(rows, ({ outcomeName, region, class: own }) => JSON.stringify([outcomeName, region, own]));
  return new Map(
    [...same.values()].flatMap((groups) => {
      const { p } = homogeneity(
        groups.map(({ relation: { slope } }) => ({ value: slope?.value, variance: slope && slope.se ** 2 })),
      );
      return groups.map((row) => [row, valueIn(p)] as const);
    }),
  );
}

/** The rows that are left of the table. */
function rowsLeft(table: ColumnTable, rows: readonly Row[]): Row[] {
  const keyOf = (...parts: unknown[]) => JSON.stringify(parts.map((part) => part ?? null));
  const left = new Set(rowsOf(table).map((row) => keyOf(row.outcome, row.region, row.class, row.group)));
  return rows.filter((row) => left.has(keyOf(row.outcomeName, row.region, row.class, row.group)));
}

function statisticsOf(row: Row, hasSeveral: boolean) {
  const before = [...(hasSeveral ? [row.outcomeName] : []), ...(row.group === undefined ? [] : [row.group])];
  return row.relation.statistics.map((statistic) =>
    statisticRow(row, { ...statistic, name: [...before, statistic.name].join(', ') }),
  );
}

/** Without columns that say the same in all rows, or nothing in any. */
function shownColumns(table: ColumnTable, rows: readonly Row[]): ColumnTable {
  const isSame = (of: (row: Row) => unknown) => new Set(rows.map(of)).size < 2;
  const hidden = new Set([
    ...(isSame(({ outcomeName }) => outcomeName) ? ['outcome'] : []),
    ...(isSame(({ region }) => region) ? ['region'] : []),
    ...(rows.every((row) => row.class === '') ? ['class'] : []),
    ...(isSame(({ outcome }) => outcome.kind) ? ['rank_test', 'effect_of'] : []),
    ...(rows.length === 1 ? ['rank_p_holm', 'rank_p_bh', 'effect_p_holm', 'effect_p_bh'] : []),
    ...table.columnNames().filter((column) => Array.from(table.array(column)).every((cell) => cell === undefined)),
  ]);
  return table.select(table.columnNames((column) => !hidden.has(column)));
}

function notesOf(rows: readonly Row[], column: string, asked: RelateArguments): string[] {
  const unit = column === 'percent' ? '%' : `of ${column}`;
  const step = asked.per === 'sd' ? 'standard deviation of these patients' : `${asked.per} ${unit}`;
  const adjusting = asked.adjusting ? `, adjusted for ${allOf(asked.adjusting)}` : '';
  const kinds = [...new Set(rows.map(({ outcome }) => outcome.kind))];
  const ratios = rows
    .filter(({ yes }) => yes !== undefined)
    .map(({ outcomeName, yes, no }) => `${outcomeName}: ${yes} against ${no}`);
  const places = rows.map(({ region, class: name }) => ({ region, class: name }));
  const empty = rows.flatMap((row, n) => {
    const { class: name, region } = placeAmong(places[n]!, places);
    const place = [row.outcomeName, name && classInText(name), regionInText(region), row.group]
      .filter(Boolean)
      .join(', ');
    const why = (of: NamedStatistic | undefined) => undefinedReason([of?.value, of?.interval?.ciLow, of?.p]);
    return [
      ...(why(row.relation.rank)
        ? [{ ...info('empty-cell', `rank statistic empty where ${why(row.relation.rank)}`), place }]
        : []),
      ...(why(row.relation.effect)
        ? [{ ...info('empty-cell', `effect empty where ${why(row.relation.effect)}`), place }]
        : []),
    ];
  });
  return [
    ...kinds.map((kind) => METHODS[kind](step, adjusting)),
    ...(ratios.length ? [`Odds of ${[...new Set(ratios)].join('; ')}.`] : []),
    `Intervals are ${Number(asked.level.toPrecision(6))} % confidence intervals.${rows.length > 1 ? ` p by Holm and by Benjamini and Hochberg (BH) are adjusted for the ${rows.length} rows.` : ''} \`describe\` lists every coefficient.`,
    ...sentencesOf(empty),
  ];
}

const METHODS: Readonly<Record<Row['outcome']['kind'], (step: string, adjusting: string) => string>> = {
  number: (step, adjusting) =>
    `ρ is Spearman’s, unadjusted. β: change of the outcome per ${step} by linear regression${adjusting}, with robust standard errors (HC3).`,
  'yes-no': (step, adjusting) =>
    `r is the rank-biserial correlation (above 0 where those with the outcome have more), p by Mann–Whitney’s test, unadjusted. Odds ratio per ${step} by logistic regression${adjusting}.`,
  groups: () =>
    'ε² is the share of the ranks’ variance between groups, p by Kruskal–Wallis’ test; groups of several have no single effect.',
  survival: (step, adjusting) =>
    `χ²: log-rank test of thirds, unadjusted. Hazard ratio per ${step} by Cox’s regression${adjusting}.`,
};

/** p of proportional hazards below which a warning is due. */
const CHANGING = 0.05;

function remarksOf(rows: readonly Row[]): Remark[] {
  const constant = [...new Set(rows.flatMap(({ relation }) => relation.constant))];
  const few = rows.filter(({ relation }) => relation.fewEvents !== undefined);
  const groups = Map.groupBy(few, ({ relation }) => relation.fewEvents!);
  const changing = rows.filter(({ relation }) => (relation.proportionalP ?? 1) < CHANGING);
  return [
    ...constant.map((name) =>
      warning(
        'constant',
        `\`${name}\` is the same for all patients${rows.length > 1 ? ' of a row' : ''}, and so not adjusted for there. Leave it out of \`adjusting\`.`,
      ),
    ),
    ...changing.map((row) =>
      warning(
        'not-proportional',
        `The hazard ratio of ${[row.class || 'the column', row.region === 'total' ? '' : row.region, row.group].filter(Boolean).join(', ')} changes over time (p ${formatP(row.relation.proportionalP!)}, Grambsch and Therneau): it is a mean over the whole follow-up. Look at \`plot … as kaplan-meier\`.`,
      ),
    ),
    ...[...groups].map(([what, own]) =>
      warning(
        'few-events',
        `${what}${
          own.length < rows.length
            ? ` (${atMost(
                own.map((row) => [row.outcomeName, row.class, row.group].filter(Boolean).join(', ')),
                3,
              )})`
            : ''
        }: below 10 for each, estimates are unreliable. Adjust for fewer.`,
      ),
    ),
  ];
}

function nobody(name: string, column: string, asked: RelateArguments, { outcomes }: Related): UserError {
  const needed = [column, ...outcomes.map(({ name: own }) => own), ...(asked.adjusting ?? [])];
  return new UserError(
    'no-relation',
    `No patient of \`${name}\` has ${allOf(needed)}${asked.by === undefined ? ' of the whole lungs' : ''}. \`describe ${name}\` shows what its columns hold.`,
  );
}
