/** What a run that failed says under its cell. */
import type { CellRemark, QuickFix, RunCellParameters, SourceSpan } from '../../protocol/kernelApi.ts';
import { bugMessage, plainCause } from '../base/plainCause.ts';
import { framesOf } from '../base/plainErrors.ts';
import type { UserError } from '../base/userError.ts';
import { checkCells, numberOf, twiceDefinedMessage } from '../language/checker.ts';
import { namesOfCells } from '../language/dependencies.ts';
import type { VerbTable } from '../language/parser.ts';
import type { CellRun } from './staleness.ts';

/** How a cell ended when it last ran; undefined where it has not run, or runs. */
type LastRun = (cellId: string) => Pick<CellRun, 'status'> | undefined;

interface Around {
  readonly lastRun: LastRun;
  readonly verbs: VerbTable;
}

/** Why the cell that threw `error` failed. A name that is not there is explained by what became of the cell that makes it. */
export function problemOf(error: unknown, cell: RunCellParameters, { lastRun, verbs }: Around): CellRemark {
  const cause = plainCause(error);
  const problem = cause ? userProblem(cause) : internalProblem(error);
  if (problem.code !== 'unknown-name' || !problem.span) return problem;
  const { cellId, cells = [] } = cell;
  const { startLine, startColumn } = problem.span;
  const found = checkCells(cells, verbs).find(
    (other) =>
      other.cellId === cellId &&
      other.problem.span?.startLine === startLine &&
      other.problem.span.startColumn === startColumn,
  );
  if (found) return found.problem;
  const why = whyMissing(textAt(cell.source, problem.span), cell, { lastRun, verbs });
  return why === undefined ? problem : { ...problem, code: 'missing-result', message: why };
}

/** Of a name that an earlier cell makes, and that stands for nothing now; undefined where no such cell is known. */
function whyMissing(
  name: string,
  { cellId, cells = [] }: RunCellParameters,
  { lastRun, verbs }: Around,
): string | undefined {
  const here = cells.findIndex((cell) => cell.cellId === cellId);
  const maker = namesOfCells(cells, verbs).findIndex(({ defines }) => defines.has(name));
  if (maker < 0 || maker >= here) return undefined;
  const number = numberOf(cells, maker);
  switch (lastRun(cells[maker]!.cellId)?.status) {
    case 'failed':
      return `\`${name}\` is missing because cell ${number} failed. Mend that cell and run it again, then this one.`;
    case 'cancelled':
      return `\`${name}\` is missing because cell ${number} was interrupted. Run it again, then this one.`;
    case 'done':
      return `\`${name}\` is missing because cell ${number} has been changed since it ran. Run it again, then this one.`;
    default:
      return `\`${name}\` is missing because cell ${number} has not run since the kernel started. Run it first, or all cells.`;
  }
}

/** A span that breaks no line. */
function textAt(source: string, { startLine, startColumn, endColumn }: SourceSpan): string {
  return source.split('\n')[startLine]?.slice(startColumn, endColumn) ?? '';
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
