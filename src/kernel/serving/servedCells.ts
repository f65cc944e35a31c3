/** The cells of a notebook that a program drives over the command line, with what they gave when they last ran. */
import type { CellText } from '../../protocol/kernelApi.ts';
import type { KernelMethod, KernelReply, KernelRequest } from '../../protocol/kernelMethods.ts';
import type { Notebook, NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import { textsOf } from '../../protocol/serving/notebookService.ts';
import { Refusal } from '../../protocol/serving/refusal.ts';
import type { CellEnd, HeldCell, ServedNotebook } from '../../protocol/serving/servedNotebook.ts';
import { labelsShown } from '../../protocol/serving/shownLabels.ts';
import { UserError } from '../base/userError.ts';
import { withText } from '../language/spans.ts';
import type { Session } from '../session/session.ts';

interface CellInMemory extends HeldCell {
  source: string;
  readonly given: NotebookOutput[];
}

export interface ServedInMemory extends ServedNotebook {
  /** Takes an output of the cell that runs. */
  output(cellId: string, output: NotebookOutput): void;
}

/** `write` writes the notebook as it is then; left out, nobody said to which file. */
export function servedInMemory(
  notebook: Notebook,
  session: Session,
  write?: (notebook: Notebook, texts: readonly CellText[]) => Promise<void>,
): ServedInMemory {
  let count = 0;
  const fresh = (kind: NotebookCell['kind'], source: string): CellInMemory => {
    const given: NotebookOutput[] = [];
    return { id: String(count++), kind, source, given, outputs: () => given };
  };
  const cells = notebook.cells.map(({ kind, source }) => fresh(kind, source.join('\n')));
  const texts = () => textsOf({ cells: () => cells });
  const withId = (id: string) => cells.find((cell) => cell.id === id);

  async function runCell(cell: CellInMemory): Promise<CellEnd> {
    cell.given.length = 0;
    const all = texts();
    const text = all.find(({ cellId }) => cellId === cell.id)!;
    const { status, problem } = await session.runCell({ ...text, cells: all });
    if (problem) cell.given.push({ problem });
    return { id: cell.id, status, problem };
  }

  return {
    cells: () => cells,
    output: (cellId, output) => void withId(cellId)?.given.push(output),
    hasKernel: () => true,
    ask: async <M extends KernelMethod>(method: M, request: KernelRequest<M>): Promise<KernelReply<M>> => {
      if (method === 'initialize') throw new Error('a session has begun already');
      // SAFETY: a session answers each request by the handler of its name.
      const handler = session[method as keyof Session] as (given: KernelRequest<M>) => KernelReply<M>;
      return refusing(async () => handler(request));
    },
    shownLabels: () => [
      ...(notebook.annotations?.drawn.map(({ patient }) => patient) ?? []),
      ...cells.flatMap(({ given }) => given.flatMap(labelsShown)),
    ],
    async write(id, source) {
      const cell = withId(id);
      if (cell) cell.source = source;
    },
    async insert(index, { kind, source }) {
      cells.splice(index, 0, fresh(kind, source));
    },
    async moveParameter(name, value) {
      const change = await session.changeParameter({ cells: texts(), name, value });
      if ('problem' in change) throw new Refusal('wrong-parameter', change.problem);
      const { cellId, span, text } = change.edit;
      const cell = withId(cellId)!;
      cell.source = withText(cell.source, span, text);
      return cellId;
    },
    async run(ids) {
      const ended: CellEnd[] = [];
      for (const cell of ids.flatMap((id) => withId(id) ?? [])) {
        ended.push(await runCell(cell));
        if (ended.at(-1)?.status !== 'done') break;
      }
      return ended;
    },
    interrupt: async () => void (await session.interrupt(null)),
    async save() {
      if (!write)
        throw new Refusal('cannot-write', 'Start with `--out FILE` to say where the notebook is to be saved.');
      const written = cells.map(({ kind, source, given }) => ({ kind, source: source.split('\n'), outputs: given }));
      await refusing(() => write({ ...notebook, cells: written }, texts()));
    },
  };
}

/** An error for users is one for the program, too. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new Refusal(error.code, error.message) : error;
  }
}
