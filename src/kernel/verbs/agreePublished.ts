/** `agree` of a published table: the κ that its margins allow, and what in it does not add up. */
import { from } from 'arquero';
import { inconsistencies, kappaRangeOfMargins } from '../agreement/publishedTable.ts';
import { UserError } from '../base/userError.ts';
import type { Named } from './arguments.ts';
import { tableView } from './tableView.ts';
import type { VerbResult } from './verb.ts';

const COLUMNS = ['class', 'reader', 'category', 'count', 'n'] as const;

interface Row {
  readonly class: string;
  readonly reader: string;
  readonly category: number;
  readonly count: number;
  readonly n: number;
  readonly percent?: number | null;
  readonly kappa?: number | null;
}

/** The table has a row per class, reader and category, with `count` of `n`, and optionally `percent` and `kappa` as printed. */
export function agreePublished({ name, value }: Named<'table'>): VerbResult {
  const columns = value.table.columnNames();
  const lacking = COLUMNS.filter((column) => !columns.includes(column));
  if (lacking.length)
    throw new UserError(
      'missing-clause',
      `\`agree ${name}\` needs \`with\` and another reading. Without it \`${name}\` has to be a published table with the columns ${COLUMNS.join(', ')} (${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing), and optionally percent and kappa.`,
    );
  const rows = value.table.objects() as Row[];
  const classes = [...new Set(rows.map((row) => row.class))];
  const checked = classes.flatMap((textureClass) => checkClass(rows.filter((row) => row.class === textureClass)));
  const table = from(checked);
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance: value.provenance },
    view: () =>
      tableView(table, {
        title: `What ${name} allows, and what does not add up`,
        notes: [
          'Least and largest κ (unweighted) of any table with these margins; none where the margins of both readers do not have the same total.',
        ],
        researchOnly: true,
        provenance: value.provenance,
      }),
  };
}

function checkClass(rows: readonly Row[]) {
  const readers = [...new Set(rows.map(({ reader }) => reader))];
  const sides = readers.map((reader) => {
    const own = rows.filter((row) => row.reader === reader).sort((a, b) => a.category - b.category);
    return { reader, own, counts: own.map(({ count }) => count) };
  });
  const findings = sides.flatMap(({ reader, own, counts }) =>
    inconsistencies({
      counts,
      percents: own.map(({ percent }) => percent ?? undefined),
      n: own[0]!.n,
      decimals: 1,
    }).map((finding) => `${reader}: ${finding}`),
  );
  const [first, second] = sides;
  const range = first && second ? kappaRangeOfMargins(first.counts, second.counts) : undefined;
  const kappa = rows.find((row) => typeof row.kappa === 'number')?.kappa ?? undefined;
  if (range && kappa !== undefined && (kappa > range.most + 0.005 || kappa < range.least - 0.005))
    findings.push(`κ ${kappa} is printed, and the margins allow ${range.least.toFixed(2)} to ${range.most.toFixed(2)}`);
  return [
    {
      class: rows[0]!.class,
      readers: readers.join(', '),
      kappa,
      kappa_least: range?.least,
      kappa_most: range?.most,
      findings: findings.join('; ') || 'none',
    },
  ];
}
