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
import { namesBehind } from './namesBehind.ts';

interface Written {
  readonly cell: CellText;
  readonly statement: Statement;
  readonly uses: readonly string[];
  /** Undefined where it has not begun. */
  readonly note: CellNotes[number] | undefined;
}

/** Beyond this a page would take seconds to open: a million rows of measurements take some 20 MB. */
const MOST_BYTES = 40e6;

/** Why a page is not to hold so much, as a part of a sentence; undefined where it may. */
export function tooLarge({ values }: PageComputing): string | undefined {
  const bytes = JSON.stringify(values).length;
  if (bytes <= MOST_BYTES) return undefined;
  return `the tables that it would compute with take ${Math.round(bytes / 1e6)} MB, and a page holds ${MOST_BYTES / 1e6}`;
}

/** Of the code cells in their order. A cell that cannot be read as statements stays as it is. */
export function computingOf(cells: readonly CellText[], ran: RanNotebook): PageComputing {
  const written = withWritten(statementsOf(cells, ran));
  const givers = giversIn(written);
  const computed = computedAmong(written, givers, ran);
  const isComputed = (one: Written) => computed.has(one);
  const wanted = new Set(written.filter(isComputed).flatMap(({ uses }) => uses));
  const values: Record<string, CarriedValue> = {};
  for (const one of written) {
    const name = ownName(one, givers);
    // Of parameters the first: what a word stands for is known before anything runs.
    const isNeeded = name !== undefined && (isComputed(one) ? isParameter(one) : wanted.has(name));
    const value = isNeeded ? ran.values.get(name) : undefined;
    const own = value && carried(value);
    if (name !== undefined && own) values[name] = own;
  }
  return {
    cells: cells.map((cell, n) => {
      const own = written.filter((one) => one.cell === cell);
      return {
        place: (cell.number ?? n + 1) - 1,
        begun: own.filter(({ note }) => note).length,
        statements: own.map((one) => (isComputed(one) ? computedStatement(one) : fixedStatement(one, givers, ran))),
      };
    }),
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

/** A file that the notebook writes and loads again uses what was written, which its own words do not say. */
function withWritten(all: readonly Written[]): Written[] {
  const files = new Map<string, readonly string[]>();
  return all.map((one) => {
    const { verb, subject, clauses } = one.statement;
    const to = clauses.get('to')?.value.text;
    if (verb === 'export' && to !== undefined) files.set(plainPath(to), one.uses);
    const behind = verb === 'load' && subject.text !== undefined ? files.get(plainPath(subject.text)) : undefined;
    return behind ? { ...one, uses: [...one.uses, ...behind] } : one;
  });
}

/** Of this folder, with or without saying so. */
function plainPath(path: string): string {
  return path.replace(/^(?:\.[\\/])+/, '');
}

function isParameter({ statement }: Written): boolean {
  return VERBS.get(statement.verb)?.gives.includes('parameter') ?? false;
}

/** The statements that give a name, by the name. */
type Givers = ReadonlyMap<string, readonly Written[]>;

/** Another cell cannot give a name that an earlier one gives. */
function giversIn(written: readonly Written[]): Givers {
  const named = written.filter(({ statement }) => statement.name);
  const all = Map.groupBy(named, ({ statement }) => statement.name!.text);
  return new Map([...all].map(([name, own]) => [name, own.filter(({ cell }) => cell === own[0]!.cell)]));
}

/** The name that stands for what the statement gives. */
function ownName(one: Written, givers: Givers): string | undefined {
  const name = one.statement.name?.text;
  return name !== undefined && givers.get(name)?.includes(one) ? name : undefined;
}

/** Which of the statements a page can run: those of tables that have asked the computer for nothing, on names that a page has. */
function computedAmong(
  written: readonly Written[],
  givers: Givers,
  { values }: Pick<RanNotebook, 'values'>,
): ReadonlySet<Written> {
  const computed = new Set(
    written.filter(({ statement, note }) => VERBS_OF_TABLES.has(statement.verb) && note?.usesComputer !== true),
  );
  const isThere = (name: string, user: Written): boolean => {
    const all = givers.get(name) ?? [];
    const maker = all.findLast((one) => one.cell === user.cell && one.statement.start < user.statement.start);
    const meant = maker ?? all.at(-1);
    if (meant && computed.has(meant)) return true;
    const value = values.get(name);
    if (!meant) return value === undefined;
    // Of a name that is given twice, the kernel has kept what it stands for in the end.
    return meant === all.at(-1) && value !== undefined && canBeCarried(value);
  };
  // In the page all that give a name run in their order, or none of them.
  const isGiven = (one: Written): boolean => {
    if (!one.statement.name) return true;
    const name = ownName(one, givers);
    return name !== undefined && givers.get(name)!.every((giver) => computed.has(giver));
  };
  // It never began, and what failed above it in its cell stands still.
  const isStopped = (one: Written) => {
    const last = one.note ? undefined : written.findLast(({ cell, note }) => cell === one.cell && note);
    return last !== undefined && !computed.has(last);
  };
  for (let before = -1; before !== computed.size; ) {
    before = computed.size;
    for (const one of computed)
      if (isStopped(one) || !isGiven(one) || !one.uses.every((name) => isThere(name, one))) computed.delete(one);
  }
  return computed;
}

function computedStatement({ statement: { start, end }, note }: Written): ComputingStatement {
  return { start, end, outputs: note?.outputs ?? [0, 0] };
}

function fixedStatement(one: Written, givers: Givers, { values }: RanNotebook): ComputingStatement {
  const { statement, uses, cell } = one;
  const { verb } = statement;
  const name = ownName(one, givers);
  // Where the name is given again, what another file holds would stand in the place of that.
  const isLoaded = name !== undefined && values.get(name)?.kind === 'table' && givers.get(name)?.at(-1) === one;
  const table = isLoaded ? loadedTable(statement, cell, values) : undefined;
  return {
    ...computedStatement(one),
    fixed: { verb, ...(name !== undefined && { name }), uses, ...(table && { table }) },
  };
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
  const followers = written.filter((one) => isComputed(one) && !isParameter(one));
  const makers = followers.map(({ uses, statement: { name } }) => ({ uses, makes: name ? [name.text] : [] }));
  const changed = namesBehind([parameter], makers);
  const fixed = written.filter((one) => !isComputed(one) && one.uses.some((name) => changed.has(name)));
  return {
    isFollowed: followers.some(({ uses }) => uses.some((name) => changed.has(name))),
    fixed: [...new Set(fixed.map(({ statement: { name, verb } }) => name?.text ?? verb))],
  };
}
