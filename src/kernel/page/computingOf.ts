/** What a page of a notebook that has run can compute by itself, and which values it needs for that. */
import type { CellText } from '../../protocol/kernelApi.ts';
import type {
  CarriedValue,
  ComputingStatement,
  ControlReach,
  LoadedTable,
  PageComputing,
} from '../../protocol/page/computing.ts';
import { namesUsedBy } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import type { Statement } from '../language/nodes.ts';
import { parseCell } from '../language/parser.ts';
import { type Extent, toSourceSpan } from '../language/spans.ts';
import type { CellNotes, RanNotebook } from '../session/statementNotes.ts';
import { VERBS } from '../verbs/index.ts';
import { VERBS_OF_TABLES } from '../verbs/ofTables.ts';
import { canBeCarried, carried } from './carried.ts';

interface Written {
  readonly cell: CellText;
  readonly statement: Statement;
  readonly uses: readonly string[];
  /** Undefined where it has not begun. */
  readonly note: CellNotes[number] | undefined;
}

/** Of the code cells in their order. A cell that cannot be read as statements stays as it is. */
/** Beyond this a page would take seconds to open: a million rows of measurements take some 20 MB. */
const MOST_BYTES = 40e6;

/** Why a page is not to hold so much, as a part of a sentence; undefined where it may. */
export function tooLarge({ values }: PageComputing): string | undefined {
  const bytes = JSON.stringify(values).length;
  if (bytes <= MOST_BYTES) return undefined;
  return `the tables that it would compute with take ${Math.round(bytes / 1e6)} MB, and a page holds ${MOST_BYTES / 1e6}`;
}

export function computingOf(cells: readonly CellText[], ran: RanNotebook): PageComputing {
  const written = statementsOf(cells, ran);
  const isComputed = computedAmong(written, ran);
  const wanted = new Set(written.filter(isComputed).flatMap(({ uses }) => uses));
  const values: Record<string, CarriedValue> = {};
  for (const one of written) {
    const name = one.statement.name?.text;
    // Of parameters the first: what a word stands for is known before anything runs.
    const isNeeded = name !== undefined && (isComputed(one) ? isParameter(one) : wanted.has(name));
    const value = isNeeded ? ran.values.get(name) : undefined;
    const own = value && carried(value);
    if (name !== undefined && own) values[name] = own;
  }
  return {
    cells: cells.map((cell, n) => ({
      place: (cell.number ?? n + 1) - 1,
      statements: written.filter((one) => one.cell === cell).map((one) => pageStatement(one, isComputed(one), ran)),
    })),
    values,
    parameters: ran.parameters,
    selected: [...ran.selected],
    followsSelection: wanted.has(SELECTED),
    controls: Object.fromEntries(
      written
        .filter((one) => isParameter(one) && isComputed(one))
        .map(({ statement }) => [statement.name!.text, reachOf(statement.name!.text, written, isComputed)]),
    ),
  };
}

function statementsOf(cells: readonly CellText[], { notesOf }: RanNotebook): Written[] {
  const parameters = new Set<string>();
  return cells.flatMap((cell) => {
    const { statements, mistakes } = parseCell(cell.source, VERBS, parameters);
    for (const { verb, name } of statements)
      if (name && VERBS.get(verb)?.gives.includes('parameter')) parameters.add(name.text);
    const notes = notesOf(cell.cellId);
    // A mistake anywhere in it, and nothing of the cell has run.
    if (mistakes.length) return [];
    return statements.map((statement, n) => ({
      cell,
      statement,
      uses: namesUsedBy(statement, VERBS),
      note: notes[n],
    }));
  });
}

function isParameter({ statement }: Written): boolean {
  return VERBS.get(statement.verb)?.gives.includes('parameter') ?? false;
}

/** Which of the statements a page can run: those of tables that have asked the computer for nothing, on names that a page has. */
function computedAmong(written: readonly Written[], { values }: RanNotebook): (one: Written) => boolean {
  const makers = new Map(
    written.flatMap((one) => (one.statement.name ? [[one.statement.name.text, one] as const] : [])),
  );
  const known = new Map<Written, boolean>();
  const isThere = (name: string): boolean => {
    const maker = makers.get(name);
    if (!maker) return true;
    if (isComputed(maker)) return true;
    const value = values.get(name);
    return value !== undefined && canBeCarried(value);
  };
  function isComputed(one: Written): boolean {
    const found = known.get(one);
    if (found !== undefined) return found;
    // Statements that need each other cannot run.
    known.set(one, false);
    const computed =
      VERBS_OF_TABLES.has(one.statement.verb) && one.note?.usesComputer !== true && one.uses.every(isThere);
    known.set(one, computed);
    return computed;
  }
  return isComputed;
}

function pageStatement(
  { statement, uses, note, cell }: Written,
  isComputed: boolean,
  { values }: RanNotebook,
): ComputingStatement {
  const { start, end, verb, name } = statement;
  const outputs = note?.outputs ?? ([0, 0] as const);
  if (isComputed) return { start, end, outputs };
  const table = name && values.get(name.text)?.kind === 'table' ? loadedTable(statement, cell, values) : undefined;
  return { start, end, outputs, fixed: { verb, ...(name && { name: name.text }), uses, ...(table && { table }) } };
}

/** How the statement loaded its table; undefined where it loaded none. */
function loadedTable(
  { verb, subject, clauses }: Statement,
  { source }: CellText,
  values: RanNotebook['values'],
): LoadedTable | undefined {
  const { text } = subject;
  if (verb !== 'load' || text === undefined) return undefined;
  const scope = {
    results: values,
    waiting: new Set<string>(),
    parameters: {},
    selected: new Set<string>(),
    place: (extent: Extent) => toSourceSpan(source, extent),
  };
  const clauseValue = (clause: string) => clauses.get(clause)?.value.resolve(scope);
  // SAFETY: `load` declares that these clauses hold a number, and pairs of texts.
  const [skip, columns] = [clauseValue('skip'), clauseValue('columns')] as [number?, (readonly [string, string])[]?];
  return {
    file: text.split(/[\\/]/).findLast((part) => part !== '') ?? text,
    ...(skip !== undefined && { skip }),
    ...(columns && { columns: columns.map(([name, own]) => ({ name, own })) }),
  };
}

/** What follows a parameter, and what of it stands still. */
function reachOf(parameter: string, written: readonly Written[], isComputed: (one: Written) => boolean): ControlReach {
  const changed = new Set([parameter]);
  const follows = (one: Written) => isComputed(one) && !isParameter(one) && one.uses.some((name) => changed.has(name));
  let before = 0;
  while (changed.size > before) {
    before = changed.size;
    for (const one of written) if (one.statement.name && follows(one)) changed.add(one.statement.name.text);
  }
  const fixed = written.filter((one) => !isComputed(one) && one.uses.some((name) => changed.has(name)));
  return {
    isFollowed: written.some(follows),
    fixed: [...new Set(fixed.map(({ statement: { name, verb } }) => name?.text ?? verb))],
  };
}
