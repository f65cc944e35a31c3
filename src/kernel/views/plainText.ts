/** Views as plain text: for terminals, for notebooks without the renderer, for screen readers. */

import { TEXTURE_CLASS_LETTERS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { CellValue, Flag, TableColumn, TableView, ViewModel } from '../../protocol/view.ts';

const RESEARCH_ONLY = 'Research only: not a medical device.';

export function plainText(view: ViewModel): string {
  switch (view.type) {
    case 'table':
      return joined(
        view.title,
        tableText(view),
        ...moreRows(view),
        ...view.messages.map((m) => `${m.severity}: ${m.text}`),
        ...view.notes,
        ...(view.researchOnly ? [RESEARCH_ONLY] : []),
      );
    case 'messages':
      return joined(
        view.title,
        ...view.messages.map((m) => (m.severity === 'info' ? m.text : `${m.severity}: ${m.text}`)),
        ...(view.flags ?? []).map(flagText),
      );
    case 'control':
      return `${view.name} = ${view.value}`;
    case 'figure':
      return joined(view.title, view.description, ...view.notes);
    case 'slices': {
      const report = view.report?.rows.map((row) => {
        const percents = TEXTURE_CLASSES.map(
          (name) => `${TEXTURE_CLASS_LETTERS[name]} ${row.percent[name]?.toFixed(1) ?? '–'}`,
        );
        return `${row.region.padEnd(5)} ${row.volumeMl.toFixed(0).padStart(5)} ml  ${percents.join('  ')}`;
      });
      return joined(
        view.title,
        `${view.plane} slice ${view.index + 1} of ${view.sliceCounts[view.plane]}`,
        ...view.facts.map((f) => `${f.name}: ${f.value}`),
        ...(view.flags ?? []).map(flagText),
        ...(report ?? []),
        RESEARCH_ONLY,
      );
    }
  }
}

function joined(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n');
}

function flagText({ severity, patient, series, code, message }: Flag): string {
  return `${severity}: ${patient}, ${series} [${code}]: ${message}`;
}

function moreRows({ rows, totalRows }: TableView): string[] {
  return totalRows > rows.length ? [`… ${totalRows - rows.length} more rows.`] : [];
}

function tableText({ columns, rows }: TableView): string {
  const headings = columns.map((column) => (column.unit ? `${column.label} (${column.unit})` : column.label));
  const cells = rows.map((row) => row.map((value, c) => formatCell(value, columns[c]!)));
  const widths = headings.map((heading, c) => Math.max(heading.length, ...cells.map((row) => row[c]!.length)));
  const line = (values: readonly string[]) =>
    values
      .map((value, c) => (isText(columns[c]!) ? value.padEnd(widths[c]!) : value.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return [line(headings), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)].join('\n');
}

function isText({ kind }: TableColumn): boolean {
  return kind === 'text' || kind === 'prose';
}

function formatCell(value: CellValue, column: TableColumn): string {
  if (value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (column.kind === 'p-value' && value < 0.001) return '< 0.001';
  return column.digits === undefined ? String(Number(value.toPrecision(10))) : value.toFixed(column.digits);
}
