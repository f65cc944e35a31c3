/** Lines of the evaluation's tables: a figure, what was to be reached, and whether it was; and tables in Markdown. */

export type Goal = readonly ['≥' | '≤', number];

export interface Line {
  readonly on: string;
  readonly what: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly goal?: Goal | undefined;
  /** Networks that learned from the reference itself, in words; nothing where none did. */
  readonly seen?: string | undefined;
}

/** Lines with a goal: whether it was reached is said of the figure before rounding. */
export function goalTable(lines: readonly Line[]): string {
  const rows = lines.map(({ on, what, value, unit, goal, seen }) => {
    const reached = goal && value !== undefined ? (meets(value, goal) ? 'yes' : '**no**') : '';
    return [on, what, goal ? `${goal[0]} ${format(goal[1], unit)}` : '', format(value, unit), reached, seen ?? ''];
  });
  return table(['on', 'measure', 'goal', 'value', 'reached', 'seen in training by'], rows);
}

export function lineTable(lines: readonly Line[]): string {
  const rows = lines.map(({ on, what, value, unit, seen }) => [on, what, format(value, unit), seen ?? '']);
  return table(['on', 'measure', 'value', 'seen in training by'], rows);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function format(value: number | undefined, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return 'none';
  return `${value.toFixed(digitsOf(value, unit))}${unit && unit !== 'Dice' ? ` ${unit}` : ''}`;
}

function digitsOf(value: number, unit: string): number {
  if (unit === 'ml') return Math.abs(value) < 1 && value !== 0 ? 1 : 0;
  if (unit === '%') return Math.abs(value) < 1 ? 2 : 1;
  return unit === 'mm' || unit === 'points' ? 2 : 3;
}

function meets(value: number, [relation, limit]: Goal): boolean {
  return relation === '≥' ? value >= limit : value <= limit;
}
