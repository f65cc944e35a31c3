/** The view "LungNB Variables": what the names of the notebook in front stand for now. */
import * as vscode from 'vscode';
import type { Variable } from '../protocol/kernelApi.ts';
import { parameterInWords } from '../protocol/words/parameters.ts';
import { activeNotebook } from './activeNotebook.ts';
import type { Controller } from './controller.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';

const ICONS: Readonly<Record<Variable['kind'], string>> = {
  cohort: 'files',
  masks: 'layers',
  measurements: 'graph-line',
  table: 'table',
  agreement: 'law',
  parameter: 'settings',
};

/** A variable, or a column of one. */
type Entry = Variable | { readonly column: string };

export class VariablesView implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(kernels: Kernels, controller: Controller) {
    this.#kernels = kernels;
    const refresh = () => {
      // `notebookType` is known to the notebook's own toolbar alone.
      void vscode.commands.executeCommand('setContext', 'lungnb.isActive', activeNotebook() !== undefined);
      this.#changed.fire();
    };
    this.#subscriptions = [
      vscode.window.registerTreeDataProvider('lungnb.variables', this),
      kernels.onStarted(refresh),
      kernels.onStopped(refresh),
      controller.onDidRunCell(refresh),
      vscode.window.onDidChangeActiveNotebookEditor(refresh),
      this.#changed,
    ];
    refresh();
  }

  async getChildren(parent?: Entry): Promise<Entry[]> {
    if (parent) return 'column' in parent ? [] : parent.columns.map((column) => ({ column }));
    const notebook = activeNotebook();
    const kernel = notebook && this.#kernels.get(notebook);
    return kernel ? [...(await unlessEnded(kernel.ask('variables', null), () => []))] : [];
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    if ('column' in entry) {
      const item = new vscode.TreeItem(entry.column);
      item.iconPath = new vscode.ThemeIcon('symbol-field');
      return item;
    }
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(entry.name, entry.columns.length ? Collapsed : None);
    item.id = entry.name;
    item.description = entry.holds;
    item.iconPath = new vscode.ThemeIcon(ICONS[entry.kind]);
    item.tooltip = new vscode.MarkdownString(tooltipOf(entry));
    const cell = activeNotebook()
      ?.getCells()
      .find(({ document }) => document.uri.toString() === entry.cellId);
    if (cell) {
      const place = [cell.notebook.uri.toString(), cell.index];
      item.command = { command: 'lungnb.revealCell', title: 'Show its cell', arguments: place };
    }
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function tooltipOf({ name, holds, provenance }: Variable): string {
  if (!provenance) return `**${name}**: ${holds}`;
  const { software, models, inputs, parameters } = provenance;
  const facts = [
    `Made by ${software}`,
    ...models.map(({ id, version }) => `Model ${id} ${version}`),
    `From ${Object.keys(inputs).length} inputs`,
    ...Object.entries(parameters).map(([name, value]) => {
      const { label, text } = parameterInWords(name, value);
      return `${label}: ${text}`;
    }),
  ];
  return `**${name}**: ${holds}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}
