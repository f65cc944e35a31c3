/** A notebook that a program drives: reads cells and results, moves parameters, edits, runs. Pixels of CTs are never handed out. */
import type { CellRemark, CellText, SourceSpan } from '../kernelApi.ts';
import type { NotebookOutput } from '../notebook.ts';
import { REMARK_CODES } from '../remarkCodes.ts';
import { plainText, viewKind } from '../views/index.ts';
import type { AnyPlaces } from '../views/places.ts';
import { FLAG, PROBLEM, PROVENANCE } from '../views/viewKind.ts';
import type { LabelGuard } from './labelGuard.ts';
import type { CellState, ServedCell, ServedMethod, ServedParameters, ServedProblem, ServedRun } from './methods.ts';
import { Refusal } from './refusal.ts';
import type { CellEnd, HeldCell, ServedNotebook } from './servedNotebook.ts';

export type NotebookService = {
  readonly [M in ServedMethod]: (parameters: ServedParameters<M>) => Promise<object | null>;
};

export interface ServiceParts {
  readonly notebook: ServedNotebook;
  readonly guard: LabelGuard;
  /** The most that is answered of an output, in characters, and of a table, in rows, unless more is asked for; all, left out. */
  readonly limits?: { readonly characters: number; readonly rows: number };
}

/** Answers each method once the guard knows the labels that there are. */
export function createNotebookService(parts: ServiceParts): NotebookService {
  const answers: NotebookService = {
    ...readingAnswers(parts),
    ...editingAnswers(parts),
    ...runningAnswers(parts),
    ...helpingAnswers(parts),
  };
  const guarded = Object.entries(answers).map(([method, answer]) => [
    method,
    async (parameters: never) => {
      // What computes may keep the kernel from telling labels for a while; a run waits for them in its turn, or an interruption would overtake it.
      if (method !== 'interrupt' && method !== 'run') await learnLabels(parts);
      try {
        return await answer(parameters);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new Refusal(error.code, parts.guard.hiddenSentence(error.message));
      }
    },
  ]);
  // SAFETY: each method is answered by its own answer.
  return Object.fromEntries(guarded) as NotebookService;
}

/** Asks anew what there is of labels. */
export async function learnLabels({ notebook, guard }: ServiceParts): Promise<void> {
  const cells = textsOf(notebook);
  const asked = notebook.hasKernel() ? await notebook.ask('labels', { cells }) : undefined;
  guard.learn({
    labels: [...(asked?.labels ?? []), ...notebook.shownLabels()],
    perhaps: asked?.perhaps ?? [],
    sources: notebook.cells().map(({ source }) => source),
    isUnknown: asked === undefined,
  });
}

const ROW: AnyPlaces = { patient: 'patient' };
const RESULT: AnyPlaces = {
  kind: 'fixed',
  value: 'patient',
  options: 'patient',
  rows: ROW,
  density: ROW,
  structures: ROW,
  levels: ROW,
  statistics: ROW,
  flags: FLAG,
  provenance: PROVENANCE,
};

function readingAnswers(parts: ServiceParts): Pick<NotebookService, 'cells' | 'names' | 'outputs' | 'result'> {
  const { notebook, guard, limits } = parts;
  function seen({ kind, source }: HeldCell, place: number, state: CellState | undefined): ServedCell {
    return { cell: place + 1, kind, source: guard.hiddenSource(source, kind), ...(state && { state }) };
  }
  return {
    async cells() {
      const states = await statesOf(notebook);
      return {
        cells: notebook
          .cells()
          .map((cell, place) => seen(cell, place, cell.kind === 'code' ? states.get(cell.id) : undefined)),
      };
    },
    async names() {
      const variables = await notebook.ask('variables', null);
      const { words } = guard.replacement();
      return {
        names: variables.map(({ name, kind, holds, columns, cellId }) => ({
          name: words(name),
          kind,
          holds: words(holds),
          columns: columns.map(words),
          cell: numberOf(notebook, cellId),
        })),
      };
    },
    async outputs({ cell: number }) {
      const cell = cellAt(notebook, number);
      const problem = cell.outputs().findLast((output) => output.problem)?.problem;
      const state = (await statesOf(notebook)).get(cell.id);
      return {
        cell: number,
        ...(state && { state }),
        outputs: outputsSeen(parts, cell),
        ...(problem && { problem: problemSeen(parts, cell.id, problem) }),
      };
    },
    async result({ name, from, rows }) {
      const reply = await notebook.ask('result', { name: guard.meant(name), from, rows: rows ?? limits?.rows });
      if ('problem' in reply) throw new Refusal(reply.problem.code, reply.problem.message);
      const { result, left } = reply;
      // SAFETY: an object stays an object.
      return { ...(guard.hidden(result, RESULT) as object), ...(left && { left }) };
    },
  };
}

function editingAnswers({ notebook, guard }: ServiceParts): Pick<NotebookService, 'set' | 'edit' | 'insert' | 'save'> {
  return {
    async set({ name, value }) {
      const meant = typeof value === 'string' ? guard.meant(value) : value;
      return { cell: numberOf(notebook, await notebook.moveParameter(guard.meant(name), meant)) };
    },
    async edit({ cell, source }) {
      await notebook.write(cellAt(notebook, cell).id, guard.meant(source));
      return { cell };
    },
    async insert({ before, kind = 'code', source }) {
      if (before !== undefined) cellAt(notebook, before);
      const place = before === undefined ? notebook.cells().length : before - 1;
      await notebook.insert(place, { kind, source: guard.meant(source) });
      return { cell: place + 1 };
    },
    async save() {
      await notebook.save();
      return null;
    },
  };
}

function runningAnswers(parts: ServiceParts): Pick<NotebookService, 'run' | 'interrupt'> {
  const { notebook } = parts;
  function ran({ id, status, problem }: CellEnd): ServedRun {
    const cell = notebook.cells().find((other) => other.id === id);
    return {
      cell: numberOf(notebook, id),
      state: status,
      outputs: cell ? outputsSeen(parts, cell) : [],
      ...(problem && { problem: problemSeen(parts, id, problem) }),
    };
  }
  async function runAndTell(parameters: ServedParameters<'run'>, isWanted: () => boolean) {
    await learnLabels(parts);
    const toRun = await cellsToRun(notebook, parameters);
    const ended = isWanted() ? await notebook.run(toRun.map(({ id }) => id)) : [];
    // What was loaded has labels of its own.
    await learnLabels(parts);
    const done = new Set(ended.map(({ id }) => id));
    const left = toRun.filter(({ id }) => !done.has(id)).map(({ id }) => numberOf(notebook, id));
    return { ran: ended.map(ran), left };
  }
  /** Runs wait for each other until they are answered, or one would tell of cells that the next one has emptied. */
  let running: Promise<unknown> = Promise.resolve();
  let interruptions = 0;
  return {
    run(parameters) {
      const before = interruptions;
      const run = running.then(() => runAndTell(parameters, () => interruptions === before));
      running = run.catch(() => undefined);
      return run;
    },
    async interrupt() {
      interruptions++;
      await notebook.interrupt();
      return null;
    },
  };
}

/** In the order of the notebook, or in that in which they are asked for. */
export async function cellsToRun(
  notebook: ServedNotebook,
  { cells, following, all }: ServedParameters<'run'>,
): Promise<readonly HeldCell[]> {
  const code = notebook.cells().filter(({ kind }) => kind === 'code');
  if (all) return code;
  if (!cells) {
    const states = await statesOf(notebook);
    return code.filter(({ id }) => states.get(id) !== 'done');
  }
  const asked = cells.map((number) => cellAt(notebook, number)).filter(({ kind }) => kind === 'code');
  if (!following) return asked;
  const dependencies = await notebook.ask('dependencies', { cells: textsOf(notebook) });
  const found = new Set(asked.map(({ id }) => id));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { cellId, uses } of dependencies) if (uses.some(({ from }) => found.has(from))) found.add(cellId);
  }
  return code.filter(({ id }) => found.has(id));
}

function helpingAnswers(parts: ServiceParts): Pick<NotebookService, 'check' | 'explain'> {
  const { notebook } = parts;
  const problemsNow = async () => (await notebook.ask('check', { cells: textsOf(notebook) })).problems;
  return {
    check: async () => ({
      problems: (await problemsNow()).map(({ cellId, problem }) => problemSeen(parts, cellId, problem)),
    }),
    async explain({ cell: number }) {
      const cell = cellAt(notebook, number);
      const shown = cell.outputs().findLast((output) => output.problem)?.problem;
      const problem =
        shown ?? (notebook.hasKernel() ? await problemsNow() : []).find(({ cellId }) => cellId === cell.id)?.problem;
      if (!problem) return { problem: null };
      return { problem: problemSeen(parts, cell.id, problem), meaning: REMARK_CODES[problem.code] };
    },
  };
}

/** By id, of cells with code. Without a kernel nothing has run. */
async function statesOf(notebook: ServedNotebook): Promise<ReadonlyMap<string, CellState>> {
  const cells = textsOf(notebook);
  const states = new Map<string, CellState>(cells.map(({ cellId }) => [cellId, 'not-run']));
  if (!notebook.hasKernel()) return states;
  for (const { cellId, ended } of await notebook.ask('dependencies', { cells })) if (ended) states.set(cellId, ended);
  for (const { cellId } of await notebook.ask('staleCells', { cells }))
    if (states.get(cellId) !== 'not-run') states.set(cellId, 'out-of-date');
  return states;
}

/** The code cells, as a kernel is asked about them. */
export function textsOf(notebook: Pick<ServedNotebook, 'cells'>): CellText[] {
  return notebook
    .cells()
    .flatMap(({ id, kind, source }, place) => (kind === 'code' ? [{ cellId: id, source, number: place + 1 }] : []));
}

function cellAt(notebook: ServedNotebook, number: number): HeldCell {
  const cells = notebook.cells();
  const cell = cells[number - 1];
  if (!cell) throw new Refusal('unknown-name', `There is no cell ${number}: the notebook has ${cells.length}.`);
  return cell;
}

/** From 1; 0 for a cell that is not there any more. */
export function numberOf(notebook: ServedNotebook, cellId: string): number {
  return notebook.cells().findIndex(({ id }) => id === cellId) + 1;
}

function problemSeen({ guard, notebook }: ServiceParts, cellId: string, problem: CellRemark): ServedProblem {
  // SAFETY: texts are replaced by texts; the shape stays.
  const { code, message, span, fixes = [] } = guard.hidden(problem, PROBLEM) as CellRemark;
  const source = notebook.cells().find(({ id }) => id === cellId)?.source ?? '';
  const place = span && { line: span.startLine + 1, column: columnSeen(guard, source, span) };
  return {
    cell: numberOf(notebook, cellId),
    ...place,
    code,
    message: guard.hiddenSentence(message),
    fixes: fixes.map(({ title }) => guard.hiddenSentence(title)),
  };
}

/** From 1, in the text that the program sees, in which pseudonyms are longer or shorter than labels. */
function columnSeen(guard: LabelGuard, source: string, { startLine, startColumn }: SourceSpan): number {
  const before = source.split('\n')[startLine]?.slice(0, startColumn) ?? '';
  return guard.hiddenSource(before, 'code').length + 1;
}

function outputsSeen({ guard, limits }: ServiceParts, cell: HeldCell): string[] {
  return cell.outputs().flatMap((output) => {
    const text = textSeen(output, guard);
    return text === undefined ? [] : [shortenedText(text, limits?.characters)];
  });
}

/** Undefined for a problem, which is told as such. */
function textSeen({ view, text, problem }: NotebookOutput, guard: LabelGuard): string | undefined {
  if (problem) return undefined;
  const kind = view && viewKind(view);
  if (kind) return plainText(kind.withLabels(view, guard.replacement()));
  return text === undefined ? undefined : guard.hiddenSentence(text);
}

function shortenedText(text: string, characters = Infinity): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters)}\n… ${text.length - characters} more characters are left out here.`;
}
