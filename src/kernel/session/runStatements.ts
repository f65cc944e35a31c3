/** Runs the statements of a cell one after another, and shows what they have to say. */
import type { CellRemark, RunCellParameters } from '../../protocol/kernelApi.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { FigureView, ViewModel } from '../../protocol/view.ts';
import { plainText, viewKind } from '../../protocol/views/index.ts';
import { subtask, type Task } from '../base/task.ts';
import type { Statement } from '../language/nodes.ts';
import { parse } from '../language/parser.ts';
import type { Verb, VerbContext } from '../verbs/verb.ts';
import { messagesView } from '../views/messagesView.ts';
import type { Here } from '../writing/notebookLoads.ts';
import { flagsBesideSlices } from './flagsBesideSlices.ts';
import type { Results } from './results.ts';
import { runStatement, type StatementContext } from './runStatement.ts';
import { tellNames } from './screen.ts';
import type { SessionEvents } from './session.ts';

/** What a statement may use; whoever copies the context asks for all that is in it, and a page has not all. */
export type ContextOf = (
  task: Task,
  here: Required<Here>,
  own: Pick<VerbContext, 'resultName' | 'figureAbove'>,
) => VerbContext;

/** What the statements of all cells have in common. */
export interface StatementsParts {
  readonly verbs: ReadonlyMap<string, Verb>;
  readonly compute: StatementContext['compute'];
  readonly results: Results;
  /** What a statement of the cell may use of the session. */
  readonly contextOf: ContextOf;
  /** What could not be kept since it was last asked. */
  readonly cacheRemarks: () => readonly Remark[];
  /** A statement of the cell is about to run, or after them all, what is left is said; `said` are keys of what the cell has said. */
  readonly begins?: (cellId: string, statement: Statement | undefined, said: Set<string>) => void;
  /** Whether the cell has statements behind those of its text, of which the last one's result is shown. */
  readonly goesOn?: (cellId: string) => boolean;
  /** A view as it travels, and is kept in notebooks. */
  readonly shortened: (view: ViewModel) => ViewModel;
  readonly events: SessionEvents;
}

/**
 * The hints of the cell's statements; `run` is the number of the run. The first statement that cannot be run ends the cell
 * with its UserError, after what the earlier ones still had to say of their patients.
 */
export async function runStatements(
  cell: RunCellParameters,
  run: number,
  task: Task,
  { verbs, compute, results, contextOf, cacheRemarks, begins, goesOn, shortened, events }: StatementsParts,
): Promise<CellRemark[]> {
  const { cellId, source } = cell;
  const cells = cellsWith(cell);
  const statements = parse(source, verbs, new Set(Object.keys(results.parameters())));
  const emit: StatementContext['emit'] = (view, text) => {
    events.output?.({ cellId, view, text });
    tellNames(viewKind(view)?.texts(view) ?? [], events);
  };
  const hints: CellRemark[] = [];
  const hint = (one: CellRemark) => hints.push(one);
  const flags = flagsBesideSlices();
  const figures: FigureView[] = [];
  const shared = {
    cell,
    verbs,
    compute,
    run,
    results,
    said: new Set<string>(),
    flags,
    cacheRemarks,
    shortened,
    emit,
    hint,
    figures,
  };
  const lastViewer = statements.findLastIndex(({ verb }) => verb === 'show');
  const sayRest = () => {
    begins?.(cellId, undefined, shared.said);
    const rest = messagesView([], flags.rest());
    if (rest) emit(rest, plainText(rest));
  };
  for (const [n, statement] of statements.entries()) {
    task.signal.throwIfAborted();
    begins?.(cellId, statement, shared.said);
    const part = named(subtask(task, n / statements.length, (n + 1) / statements.length), statement, statements);
    await runStatement(
      statement,
      { isLast: n === statements.length - 1 && !goesOn?.(cellId), isViewerToCome: n < lastViewer },
      shared,
      contextOf(
        part,
        { cellId, cells, offset: statement.start },
        { resultName: statement.name?.text, figureAbove: figures.at(-1) },
      ),
    ).catch((error: unknown) => {
      sayRest();
      throw error;
    });
  }
  sayRest();
  return hints;
}

/** Where a cell does the same several times, progress says for which result, so that nothing seems to be done twice. */
function named(task: Task, { verb, name }: Statement, all: readonly Statement[]): Task {
  if (!name || all.filter((other) => other.verb === verb).length < 2) return task;
  return { ...task, progress: (fraction, message) => task.progress(fraction, `${name.text}, ${message}`) };
}

/** The notebook's cells; without the notebook, as in a test, the cell is all that is known of it. */
export function cellsWith({ cellId, source, cells = [] }: RunCellParameters): NonNullable<RunCellParameters['cells']> {
  return cells.some((other) => other.cellId === cellId) ? cells : [...cells, { cellId, source }];
}
