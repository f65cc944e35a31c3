/** Runs one statement of a cell: its verb with what its values name, then the name, the remarks and the view of its result. */
import type { RunCellParameters } from '../../protocol/kernelApi.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { UserError } from '../base/userError.ts';
import type { Statement } from '../language/nodes.ts';
import { type Extent, toSourceSpan } from '../language/spans.ts';
import { VERBS } from '../verbs/index.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { alreadyNamed } from './cellProblems.ts';
import { resolveArguments } from './resolveArguments.ts';
import type { Results } from './results.ts';

/** What the statements of one run of a cell have in common. */
export interface StatementContext {
  readonly cell: RunCellParameters;
  /** Number of the run. */
  readonly run: number;
  readonly results: Results;
  /** What the cell has shown beside its results already. */
  readonly said: Set<string>;
  readonly emit: (view: ViewModel) => void;
}

/** Throws a UserError with its place in the cell where the statement cannot be run. */
export async function runStatement(
  statement: Statement,
  isLast: boolean,
  { cell, run, results, said, emit }: StatementContext,
  context: VerbContext,
): Promise<void> {
  const verb = VERBS.get(statement.verb);
  if (!verb) throw new Error(`the parser let the undeclared verb ${statement.verb} pass`);
  const place = (extent: Extent) => toSourceSpan(cell.source, extent);
  const { name } = statement;
  const owner = name && results.otherOwner(name.text, cell.cellId);
  if (name && owner !== undefined)
    throw new UserError('twice-defined', alreadyNamed(name.text, owner, cell), place(name));
  const values = resolveArguments(statement, place, results);
  try {
    const result = await verb.run(values, context);
    const view = verb.alwaysShown || isLast ? await result.view?.() : undefined;
    if (result.value && name) results.define(name.text, { value: result.value, cellId: cell.cellId, run });
    const messages = unsaid(result.messages, said);
    const flags = unsaid(result.flags, said);
    if (messages.length || flags.length) emit({ type: 'messages', messages, ...(flags.length ? { flags } : {}) });
    if (view) emit(view);
  } catch (error) {
    throw error instanceof UserError ? error.at(place(statement)) : error;
  }
}

/** Items that the cell has not shown yet: `load` and `describe` of one cohort find the same. */
function unsaid<T>(items: readonly T[] = [], said: Set<string>): T[] {
  return items.filter((item) => {
    const key = JSON.stringify(item);
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}
