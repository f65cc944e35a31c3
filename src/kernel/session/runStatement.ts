/** Runs one statement of a cell: its verb with what its values name, then the name, the remarks and the view of its result. */
import type { CellRemark, RunCellParameters } from '../../protocol/kernelApi.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { plainText } from '../../protocol/views/index.ts';
import { plainCause } from '../base/plainCause.ts';
import { info } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import type { Statement } from '../language/nodes.ts';
import { type Extent, toSourceSpan } from '../language/spans.ts';
import type { Verb, VerbContext } from '../verbs/verb.ts';
import { kept, messagesView } from '../views/messagesView.ts';
import { alreadyNamed } from './cellProblems.ts';
import type { FlagsBesideSlices } from './flagsBesideSlices.ts';
import type { Results } from './results.ts';

/** What the statements of one run of a cell have in common. */
export interface StatementContext {
  readonly cell: RunCellParameters;
  readonly verbs: ReadonlyMap<string, Verb>;
  /** What a computation that waits for nothing gives; where it can, it lets it be interrupted. */
  readonly compute: <T>(work: () => T) => T;
  /** Number of the run. */
  readonly run: number;
  readonly results: Results;
  /** What the cell has shown beside its results already. */
  readonly said: Set<string>;
  /** On what the cache could not keep since it was last asked. */
  readonly cacheRemarks: () => readonly Remark[];
  readonly flags: FlagsBesideSlices;
  readonly shortened: (view: ViewModel) => ViewModel;
  readonly emit: (view: ViewModel, text: string) => void;
  readonly hint: (hint: CellRemark) => void;
}

/** Throws a UserError with its place in the cell where the statement cannot be run. */
export async function runStatement(
  statement: Statement,
  { isLast, isViewerToCome }: { readonly isLast: boolean; readonly isViewerToCome: boolean },
  { cell, verbs, compute, run, results, said: told, flags, cacheRemarks, shortened, emit, hint }: StatementContext,
  context: VerbContext,
): Promise<void> {
  const verb = verbs.get(statement.verb);
  if (!verb) throw new Error(`the parser let the undeclared verb ${statement.verb} pass`);
  const place = (extent: Extent) => toSourceSpan(cell.source, extent);
  const { name } = statement;
  const owner = name && results.otherOwner(name.text, cell.cellId);
  if (name && owner !== undefined)
    throw new UserError('twice-defined', alreadyNamed(name.text, owner, cell), place(name));
  try {
    const scope = {
      results: results.values(),
      waiting: results.waiting(),
      parameters: results.parameters(),
      selected: results.selected(),
      place,
    };
    const result = await compute(() => verb.run(statement, scope, context));
    const whole = verb.alwaysShown || isLast ? await compute(() => result.view?.()) : undefined;
    const view = whole && compute(() => shortened(whole));
    const text = view && compute(() => plainText(view));
    // The cell may have ended before what it waited for.
    context.task.signal.throwIfAborted();
    if (result.value && name) results.define(name.text, { value: result.value, cellId: cell.cellId, run });
    const said = messagesView(
      unsaid([...(result.remarks ?? []), ...cacheRemarks()].map(kept), told),
      flags.held(unsaid(result.flags, told), isViewerToCome),
    );
    for (const one of result.hints ?? []) hint(one);
    if (said) emit(said, plainText(said));
    if (view && text !== undefined) emit(view, text);
    if (view) flags.shown(view);
  } catch (error) {
    const cause = plainCause(error);
    if (cause?.code !== 'nothing-selected') throw cause?.at(place(statement)) ?? error;
    if (name) results.define(name.text, { value: undefined, cellId: cell.cellId, run });
    // The statements behind it in the cell wait for the same.
    if (told.has(cause.code)) return;
    told.add(cause.code);
    const note = messagesView([kept(info(cause.code, cause.message))], []);
    if (note) emit(note, plainText(note));
  }
}

/** By which an item that is said is known again. */
export function keyOfSaid(item: unknown): string {
  return JSON.stringify(item);
}

/** Items that the cell has not shown yet: `load` and `describe` of one cohort find the same. */
function unsaid<T>(items: readonly T[] = [], said: Set<string>): T[] {
  return items.filter((item) => {
    const key = keyOfSaid(item);
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}
