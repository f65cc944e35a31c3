/** The tools by which language models drive notebooks in VS Code: the methods of `lungnb run --serve`, each asked as VS Code asks. */
import * as vscode from 'vscode';
import { AGENT_TOOLS, type AgentMethod, type Confirmation, confirmationOf } from '../../protocol/serving/agentTools.ts';
import { PARAMETERS, type ServedParameters } from '../../protocol/serving/methods.ts';
import { cellsToRun, createNotebookService, learnLabels, numberOf } from '../../protocol/serving/notebookService.ts';
import { Refusal } from '../../protocol/serving/refusal.ts';
import { type AgentNotebook, AgentNotebooks, nameOf } from './agentNotebooks.ts';
import type { VsCodeParts } from './servedInVsCode.ts';

type Input = Readonly<Record<string, unknown>> & { readonly notebook?: string };

export function registerAgentTools(parts: VsCodeParts): vscode.Disposable {
  const notebooks = new AgentNotebooks(parts);
  // SAFETY: the keys of AGENT_TOOLS.
  const methods = Object.keys(AGENT_TOOLS) as AgentMethod[];
  return vscode.Disposable.from(...methods.map((method) => registerTool(method, notebooks, parts)));
}

function registerTool(method: AgentMethod, notebooks: AgentNotebooks, { kernels }: VsCodeParts): vscode.Disposable {
  const { name, title, changes } = AGENT_TOOLS[method];
  const confirmed = new Confirmed();
  return vscode.lm.registerTool<Input>(name, {
    async prepareInvocation({ input }) {
      if (!changes) return { invocationMessage: `LungNB: ${title}` };
      try {
        const found = await notebooks.find(input.notebook);
        const parameters = parametersOf(method, input);
        await learnLabels(found);
        confirmed.remember(input, found.document);
        const { guard, document } = found;
        const toRun = method === 'run' ? await cellsToRun(found.notebook, parametersOf('run', input)) : [];
        const words = confirmationOf(method, parameters, {
          notebook: nameOf(document),
          toRun: toRun.map(({ id }) => numberOf(found.notebook, id)),
          text: guard.meant,
        });
        return asking(title, words ?? { title, message: '' });
      } catch (error) {
        // Nothing will be done, and the answer says why.
        if (!(error instanceof Refusal)) kernels.logBug(error);
        return asking(title, {
          title: `LungNB: ${title}?`,
          message: 'This cannot be done now. The model is told why.',
        });
      }
    },
    async invoke({ input }, token) {
      try {
        const agreed = changes ? confirmed.take(input) : undefined;
        const found = agreed ? notebooks.served(agreed) : await notebooks.find(input.notebook);
        const parameters = parametersOf(method, input);
        if (changes && !agreed) throw new Refusal(undefined, 'The user was not asked about this notebook. Ask again.');
        const answer = await answered(method, parameters, found, token);
        return said({ notebook: await notebooks.shownName(found), ...answer });
      } catch (error) {
        if (error instanceof Refusal) return said({ refused: error.message });
        kernels.logBug(error);
        return said({ refused: BUG });
      }
    },
  });
}

/** What a bug says may hold anything: the log has it, and the model does not. */
const BUG =
  'Something went wrong inside LungNB. This is a bug; the user can report it with what the log says (Output: LungNB Kernel).';

async function answered<M extends AgentMethod>(
  method: M,
  parameters: ServedParameters<M>,
  found: AgentNotebook,
  token: vscode.CancellationToken,
): Promise<object | null> {
  const service = createNotebookService(found);
  const cancelled = token.onCancellationRequested(() => void found.notebook.interrupt());
  try {
    // SAFETY: the parameters are those of this method, by its own schema.
    return await (service[method] as (given: ServedParameters<M>) => Promise<object | null>)(parameters);
  } finally {
    cancelled.dispose();
  }
}

/** VS Code has compared them with the schema of package.json, which says the same in fewer words. */
function parametersOf<M extends AgentMethod>(method: M, input: Input): ServedParameters<M> {
  const { notebook: _, ...given } = input;
  const read = PARAMETERS[method].safeParse(given);
  if (!read.success) throw new Refusal(undefined, read.error.issues[0]!.message);
  // SAFETY: read by the schema of this method.
  return read.data as ServedParameters<M>;
}

function asking(tool: string, { title, message }: Confirmation): vscode.PreparedToolInvocation {
  return {
    invocationMessage: `LungNB: ${tool}`,
    confirmationMessages: { title, message: new vscode.MarkdownString(message) },
  };
}

function said(answer: object): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer))]);
}

/**
 * What the user said yes to: VS Code asks with one call and has it done by another, and in between another notebook may
 * come to the front, or cells move.
 */
class Confirmed {
  readonly #asked = new Map<string, { readonly document: vscode.NotebookDocument; readonly cells: string }>();

  remember(input: Input, document: vscode.NotebookDocument): void {
    this.#asked.set(JSON.stringify(input), { document, cells: cellsNow(document) });
  }

  /** Undefined where nothing was asked; throws a Refusal where it would be another thing by now. */
  take(input: Input): vscode.NotebookDocument | undefined {
    const key = JSON.stringify(input);
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    if (asked && (asked.document.isClosed || cellsNow(asked.document) !== asked.cells))
      throw new Refusal(undefined, 'The notebook was changed while the user was asked. Look at its cells again.');
    return asked?.document;
  }
}

function cellsNow(document: vscode.NotebookDocument): string {
  return JSON.stringify(document.getCells().map((cell) => [cell.document.uri.toString(), cell.document.version]));
}
