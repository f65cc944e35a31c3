/** The cells of a page: what of their text runs, what it uses and makes, and what they show. */
import type { CellRemark } from '../../protocol/kernelApi.ts';
import type { NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import type { ComputingCell, ComputingStatement } from '../../protocol/page/computing.ts';
import type { FromEngine } from '../../protocol/page/engineMessages.ts';
import { namesUsedBy } from '../language/dependencies.ts';
import { parseCell, type VerbTable } from '../language/parser.ts';
import { keyOfSaid } from '../session/runStatement.ts';

export interface PageCell {
  readonly place: number;
  /** As results and problems know it. */
  readonly id: string;
  readonly statements: readonly ComputingStatement[];
  /** Places among `statements` of those that run. */
  readonly computed: readonly number[];
  readonly uses: ReadonlySet<string>;
  /** Names that statements of it that run give. */
  readonly makes: readonly string[];
  /** As it is shown now. */
  source: string;
  /** The same as long, with nothing in the place of what does not run. */
  runs: string;
  /** Whether its names stand for what its text gives now. */
  isCurrent: boolean;
  /** Why a statement of it that runs failed when it last ran, in the saved run to begin with. */
  problem: CellRemark | undefined;
  /** Why a fixed statement of it failed in the saved run; nothing behind that runs. */
  readonly standingProblem: CellRemark | undefined;
  /** What its statements showed when they last ran, by their places; of fixed ones, where another file stands in their place. */
  readonly shown: Map<number, readonly NotebookOutput[]>;
  readonly saved: readonly NotebookOutput[];
}

/** `parameters` are the names of all parameters. */
export function pageCells(
  all: readonly NotebookCell[],
  computing: readonly ComputingCell[],
  { verbs, parameters }: { readonly verbs: VerbTable; readonly parameters: ReadonlySet<string> },
): PageCell[] {
  return computing.map(({ place, begun, statements }) => {
    const { source: lines, outputs: saved = [] } = all[place]!;
    const source = lines.join('\n');
    const runs = withoutFixed(source, statements);
    const problem = saved.find((one) => one.problem)?.problem;
    const stands = statements[begun - 1]?.fixed !== undefined;
    const parsed = parseCell(runs, verbs, parameters).statements;
    return {
      place,
      id: String(place),
      statements,
      computed: statements.flatMap(({ fixed }, n) => (fixed ? [] : [n])),
      uses: new Set(parsed.flatMap((statement) => namesUsedBy(statement, verbs))),
      makes: parsed.flatMap(({ name }) => (name ? [name.text] : [])),
      source,
      runs,
      isCurrent: false,
      problem: stands ? undefined : problem,
      standingProblem: stands ? problem : undefined,
      shown: new Map(),
      saved,
    };
  });
}

/** Lines and columns stay, so that places in the text do. */
function withoutFixed(source: string, statements: readonly ComputingStatement[]): string {
  return statements
    .filter(({ fixed }) => fixed)
    .reduce((text, { start, end }) => text.slice(0, start) + blank(text.slice(start, end)) + text.slice(end), source);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Tells what the cell shows, and `more` of what was asked of it. */
export function cellShown(cell: PageCell, more: readonly NotebookOutput[] = []): FromEngine {
  const { place, source } = cell;
  return { type: 'cell', place, source: source.split('\n'), outputs: [...outputsOf(cell), ...more] };
}

/** What the cell shows: what was saved, and where its statements have run since, or another file stands in their place, that. */
function outputsOf({ statements, shown, saved, problem: own, standingProblem }: PageCell): NotebookOutput[] {
  const problem = own ?? standingProblem;
  const ofStatements = statements.flatMap(({ outputs: [from, to] }, n) => shown.get(n) ?? saved.slice(from, to));
  const isOfStatement = (place: number) => statements.some(({ outputs: [from, to] }) => from <= place && place < to);
  // What was said behind them all is on CTs.
  const rest = saved.filter(({ problem: failed }, place) => !failed && !isOfStatement(place));
  return [...ofStatements, ...rest, ...(problem ? [{ problem }] : [])];
}

/** Keys of what fixed statements before a place have said, which is not said again. */
export function saidBefore({ statements, saved }: PageCell, before: number): string[] {
  return statements.slice(0, before).flatMap(({ fixed, outputs: [from, to] }) =>
    fixed
      ? saved.slice(from, to).flatMap(({ view }) => {
          if (view?.type !== 'messages') return [];
          return [...view.messages, ...(view.flags ?? [])].map(keyOfSaid);
        })
      : [],
  );
}
