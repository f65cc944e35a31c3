/** What a run that failed says under its cell. */
import type { CellRemark, QuickFix, RunCellParameters, SourceSpan } from '../../protocol/kernelApi.ts';
import { bugMessage, plainCause } from '../base/plainCause.ts';
import { framesOf } from '../base/plainErrors.ts';
import type { UserError } from '../base/userError.ts';
import { checkCells, numberOf, twiceDefinedMessage } from '../language/checker.ts';
import { VERBS } from '../verbs/index.ts';

/** Why the cell that threw `error` failed: a name that is not there yet is explained by the check, which sees cells below and circles of cells. */
export function problemOf(error: unknown, { cellId, cells = [] }: RunCellParameters): CellRemark {
  const cause = plainCause(error);
  const problem = cause ? userProblem(cause) : internalProblem(error);
  if (problem.code !== 'unknown-name' || !problem.span) return problem;
  const { startLine, startColumn } = problem.span;
  const found = checkCells(cells, VERBS).find(
    (other) =>
      other.cellId === cellId &&
      other.problem.span?.startLine === startLine &&
      other.problem.span.startColumn === startColumn,
  );
  return found && ['circle', 'used-before'].includes(found.problem.code) ? found.problem : problem;
}

function userProblem({ code, message, span, clause }: UserError): CellRemark {
  const fixes = span && clause !== undefined ? [added(clause, span)] : [];
  return { code, message, ...(span ? { span } : {}), ...(fixes.length ? { fixes } : {}) };
}

/** Behind what the problem is about, which is its statement. */
function added(clause: string, { endLine, endColumn }: SourceSpan): QuickFix {
  const span = { startLine: endLine, startColumn: endColumn, endLine, endColumn };
  return { title: `Add \`${clause}\``, span, text: ` ${clause}` };
}

function internalProblem(error: unknown): CellRemark {
  const frames = framesOf(error);
  return { code: 'internal', message: bugMessage(error), ...(frames === '' ? {} : { details: frames }) };
}

/** A name is taken by the cell `owner`; both cells are named where the notebook is known. */
export function alreadyNamed(name: string, owner: string, { cellId, cells = [] }: RunCellParameters): string {
  const place = (id: string) => cells.findIndex((cell) => cell.cellId === id);
  const earlier = place(owner);
  const later = place(cellId);
  if (earlier < 0 || later < 0)
    return `\`${name}\` is already the name of a result of another cell. Give this one another name.`;
  return twiceDefinedMessage(name, numberOf(cells, earlier), numberOf(cells, later));
}
