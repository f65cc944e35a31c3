/** `summarise registry`: the characteristics of patients, of all or of groups (a study's Table 1). */
import type { Remark } from '../../../protocol/remark.ts';
import type { TableView } from '../../../protocol/view.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { sameName } from '../../tables/columns.ts';
import { columnNamed } from '../../tables/joinRows.ts';
import { columnByRow, MOST_GROUPS, type RowColumn } from '../../tables/patientColumns.ts';
import type { Named } from '../../values/named.ts';
import { baselineTable } from '../../views/baselineTable.ts';
import { indexInWords } from '../../views/indexHeadings.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';

interface AskedPatients {
  readonly by: string | undefined;
  readonly for: readonly string[] | undefined;
  readonly numbers: 'median' | 'mean' | undefined;
  readonly with: readonly ('tests' | 'differences')[] | undefined;
}

/** Columns that say whose a row is, and nothing of the patient. */
const LABELS: readonly string[] = ['patient', 'series', 'reader', 'visit', 'path'];

export function summarisePatients(
  named: Named<'measurements' | 'table'>,
  asked: AskedPatients,
): { readonly view: TableView; readonly remarks: readonly Remark[] } {
  const of = { name: named.name, table: named.value.table };
  if (asked.with && asked.by === undefined)
    throw new UserError(
      'missing-clause',
      `\`with ${asked.with.join(', ')}\` compares groups: write \`by\` and the column that they are told by.`,
    );
  const labels = Array.from(of.table.array(columnNamed(of, 'patient')), (label) => String(label ?? '').trim());
  const groups = asked.by === undefined ? undefined : groupsIn([named], asked.by);
  const { characteristics, remarks } = characteristicsOf(of, asked, groups?.name);
  const repeated = labels.length - new Set(labels).size;
  const noun = repeated ? 'row' : 'patient';
  const { provenance } = named.value;
  const view = baselineTable({
    title: `Summary of ${named.name}${groups ? ` by ${groups.name}` : ''}: ${counted(labels.length, noun)}`,
    characteristics,
    noun,
    groups: groups && { name: groups.name, names: groups.groups, of: labels.map((label) => groups.groupOf.get(label)) },
    numbers: asked.numbers,
    tests: asked.with?.includes('tests') ?? false,
    differences: asked.with?.includes('differences') ?? false,
    notes: [],
    provenance: {
      ...provenance,
      parameters: {
        ...provenance.parameters,
        baseline: asked.numbers ?? 'shape',
        ...(groups ? { baselineBy: groups.name } : {}),
        ...(asked.with ? { baselineWith: [...asked.with] } : {}),
      },
    },
  });
  return {
    view,
    remarks: [
      ...(groups ? ungroupedRemarks(groups, [...new Set(labels)].filter(Boolean)) : []),
      ...(repeated
        ? [
            warning(
              'repeated-rows',
              `Patients of \`${named.name}\` have several rows, each of which counts: ${counted(labels.length, 'row')} of ${counted(labels.length - repeated, 'patient')}. Take the rows of one visit first by \`filter\`.`,
            ),
          ]
        : []),
      ...remarks,
    ],
  };
}

function characteristicsOf(
  of: { readonly name: string; readonly table: Named<'table'>['value']['table'] },
  { for: wanted }: AskedPatients,
  groupedBy: string | undefined,
): { readonly characteristics: RowColumn[]; readonly remarks: Remark[] } {
  const isLabel = (own: string) => LABELS.some((label) => sameName(own, label)) || own === groupedBy;
  const columns = wanted?.map((own) => columnNamed(of, own)) ?? of.table.columnNames().filter((own) => !isLabel(own));
  const read = columns.map((own) => ({ own, ...columnByRow(of, own) }));
  const leftOut = read.flatMap(({ own, characteristic, reason }) => (characteristic ? [] : [`\`${own}\` (${reason})`]));
  const characteristics = read.flatMap(({ characteristic }) =>
    characteristic ? { ...characteristic, name: indexInWords(characteristic.name) } : [],
  );
  if (characteristics.length === 0)
    throw new UserError(
      'no-rows',
      `\`${of.name}\` has nothing to summarise beside ${atMost(of.table.columnNames(), 5)}: numbers, or texts of up to ${MOST_GROUPS} categories.`,
    );
  return {
    characteristics,
    remarks: [
      ...read.flatMap(({ remarks }) => remarks),
      ...(leftOut.length ? [info('free-text', `Not summarised: ${leftOut.join(', ')}.`)] : []),
    ],
  };
}
