/** A notebook that a program drives: reads cells and results, moves parameters, edits, runs. Pixels of CTs are never handed out. */
import type { CellRemark, CellText } from '../../protocol/kernelApi.ts';
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';
import { REMARK_CODES } from '../../protocol/remarkCodes.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { plainText, viewKind } from '../../protocol/views/index.ts';
import type { AnyPlaces } from '../../protocol/views/places.ts';
import { FLAG, PROBLEM, PROVENANCE } from '../../protocol/views/viewKind.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Session } from '../session/session.ts';
import { valueJson } from '../values/valueJson.ts';
import type { LabelGuard } from './labelGuard.ts';
import type { CellState, ServedCell, ServedMethod, ServedParameters, ServedProblem, ServedRun } from './methods.ts';
import { createServedCells, type ServedCells, type ServiceCell } from './servedCells.ts';

type Answers = {
  readonly [M in ServedMethod]: (parameters: ServedParameters<M>) => Promise<object | null>;
};

export interface NotebookService extends Answers {
  /** Takes an output of the cell that runs. */
  output(cellId: string, output: NotebookOutput): void;
  /** The number of a cell, from 1. */
  numberOf(cellId: string): number;
}

export interface ServiceParts {
  readonly session: Session;
  readonly guard: LabelGuard;
  /** Writes the notebook as it is now; absent where it was not said to which file. */
  readonly write?: (notebook: Notebook, cells: readonly CellText[]) => Promise<void>;
}

interface Parts extends ServiceParts {
  readonly notebook: Notebook;
  readonly cells: ServedCells;
}

export function createNotebookService(notebook: Notebook, given: ServiceParts): NotebookService {
  const cells = createServedCells(notebook.cells, given.session);
  const parts = { ...given, notebook, cells };
  return {
    output: (cellId, output) => void cells.withId(cellId)?.outputs.push(output),
    numberOf: cells.numberOf,
    ...readingAnswers(parts),
    ...editingAnswers(parts),
    ...runningAnswers(parts),
    ...helpingAnswers(parts),
  };
}

const ROW: AnyPlaces = { patient: 'patient' };
const RESULT: AnyPlaces = {
  kind: 'fixed',
  rows: ROW,
  density: ROW,
  structures: ROW,
  statistics: ROW,
  flags: FLAG,
  provenance: PROVENANCE,
};

function readingAnswers({ session, guard, cells }: Parts): Pick<Answers, 'cells' | 'names' | 'result'> {
  function seen({ id, kind, source }: ServiceCell, state: CellState | undefined): ServedCell {
    const text = source.join('\n');
    return kind === 'code'
      ? { cell: cells.numberOf(id), kind, source: guard.hiddenSource(text), ...(state && { state }) }
      : { cell: cells.numberOf(id), kind, source: guard.replacement().words(text) };
  }
  return {
    async cells() {
      const states = await cells.states();
      return { cells: cells.all().map((cell) => seen(cell, states.get(cell.id))) };
    },
    async names() {
      const variables = await session.variables(null);
      const { words } = guard.replacement();
      return {
        names: variables.map(({ name, kind, holds, columns, cellId }) => ({
          name,
          kind,
          holds: words(holds),
          columns,
          cell: cells.numberOf(cellId),
        })),
      };
    },
    async result({ name }) {
      const value = session.names().get(name);
      if (!value) {
        const advice = suggestionFor(name, [...session.names().keys()]);
        throw new UserError('unknown-name', `There is no result \`${name}\`: ${advice}`);
      }
      const json = valueJson(value);
      if (!json) throw new UserError('wrong-kind', `\`${name}\` is a cohort: its CTs are not handed out.`);
      // SAFETY: an object stays an object.
      return guard.hidden(json, RESULT) as object;
    },
  };
}

function editingAnswers({
  session,
  guard,
  cells,
  notebook,
  write,
}: Parts): Pick<Answers, 'set' | 'edit' | 'insert' | 'save'> {
  const linesOf = (source: string) => guard.revealedSource(source).split('\n');
  return {
    async set({ name, value }) {
      const change = await session.changeParameter({ cells: cells.texts(), name, value });
      if ('problem' in change) throw new UserError('unknown-name', change.problem);
      const { cellId, span, text } = change.edit;
      const cell = cells.at(cells.numberOf(cellId));
      cell.source = cell.source.map((line, n) =>
        n === span.startLine ? line.slice(0, span.startColumn) + text + line.slice(span.endColumn) : line,
      );
      return { cell: cells.numberOf(cellId) };
    },
    async edit({ cell, source }) {
      cells.at(cell).source = linesOf(source);
      return { cell };
    },
    async insert({ before, kind = 'code', source }) {
      const place = before === undefined ? cells.all().length + 1 : cells.numberOf(cells.at(before).id);
      cells.insert(place, { kind, source: linesOf(source) });
      return { cell: place };
    },
    async save() {
      if (!write)
        throw new UserError('cannot-write', 'Start with `--out FILE` to say where the notebook is to be saved.');
      const written = cells.all().map(({ kind, source, outputs }) => ({ kind, source, outputs }));
      await write({ ...notebook, cells: written }, cells.texts());
      return null;
    },
  };
}

function runningAnswers(parts: Parts): Pick<Answers, 'run' | 'interrupt'> {
  const { session, guard, cells } = parts;
  async function runCell(cell: ServiceCell): Promise<ServedRun> {
    cell.outputs.length = 0;
    const result = await session.runCell({ ...cells.text(cell), cells: cells.texts() });
    cell.last = result;
    const { status, problem } = result;
    const outputs = cell.outputs.flatMap(({ view }) => (view ? [textSeen(view, guard)] : []));
    if (problem) cell.outputs.push({ problem });
    return {
      cell: cells.numberOf(cell.id),
      state: status,
      outputs,
      ...(problem && { problem: problemSeen(parts, cell.id, problem) }),
    };
  }
  /** Those that are asked for; else those that never ran, failed, or are out of date. */
  async function cellsToRun(numbers: readonly number[] | undefined): Promise<ServiceCell[]> {
    const states = await cells.states();
    const chosen = numbers ? numbers.map(cells.at) : cells.all().filter(({ id }) => states.get(id) !== 'done');
    return chosen.filter(({ kind }) => kind === 'code');
  }
  return {
    async run(parameters) {
      const toRun = await cellsToRun(parameters?.cells);
      const ran: ServedRun[] = [];
      for (const cell of toRun) {
        ran.push(await runCell(cell));
        if (ran.at(-1)?.state !== 'done') break;
      }
      return { ran, left: toRun.slice(ran.length).map(({ id }) => cells.numberOf(id)) };
    },
    interrupt: async () => session.interrupt(null),
  };
}

function helpingAnswers(parts: Parts): Pick<Answers, 'check' | 'explain'> {
  const { session, cells } = parts;
  const problemsNow = async () => (await session.check({ cells: cells.texts() })).problems;
  return {
    check: async () => ({
      problems: (await problemsNow()).map(({ cellId, problem }) => problemSeen(parts, cellId, problem)),
    }),
    async explain({ cell: number }) {
      const { id, last } = cells.at(number);
      const problem = last?.problem ?? (await problemsNow()).find(({ cellId }) => cellId === id)?.problem;
      if (!problem) return { problem: null };
      return { problem: problemSeen(parts, id, problem), meaning: REMARK_CODES[problem.code] };
    },
  };
}

function problemSeen({ guard, cells }: Parts, cellId: string, problem: CellRemark): ServedProblem {
  // SAFETY: texts are replaced by texts; the shape stays.
  const { code, message, span, fixes = [] } = guard.hidden(problem, PROBLEM) as CellRemark;
  const place = span && { line: span.startLine + 1, column: span.startColumn + 1 };
  return { cell: cells.numberOf(cellId), ...place, code, message, fixes: fixes.map(({ title }) => title) };
}

function textSeen(view: ViewModel, guard: LabelGuard): string {
  const kind = viewKind(view);
  return kind ? plainText(kind.withLabels(view, guard.replacement())) : '';
}
