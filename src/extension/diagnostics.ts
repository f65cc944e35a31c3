/** Underlines problems in cells: those found while writing, and those of the last run until its cell is edited or run again. */
import * as vscode from 'vscode';
import type { CellRemark } from '../protocol/kernelApi.ts';
import { rangeOf } from './asked.ts';
import { Debounced } from './debounced.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';
import { CELL_LANGUAGE, NOTEBOOK_TYPE } from './serializer.ts';

/** A pause in writing after which the notebook is checked. */
const PAUSE_MS = 400;

export class CellDiagnostics implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #ofRuns = vscode.languages.createDiagnosticCollection('lungnb');
  readonly #ofChecks = vscode.languages.createDiagnosticCollection('lungnb-check');
  /** The problems behind the diagnostics, with the edits that would mend them. */
  readonly #problems = new WeakMap<vscode.Diagnostic, CellRemark>();
  readonly #checking = new Debounced(PAUSE_MS, (notebook) => void this.#check(notebook));
  readonly #subscriptions: vscode.Disposable[] = [
    this.#checking,
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === CELL_LANGUAGE && contentChanges.length) this.#edited(document);
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      if (contentChanges.length) this.#checkSoon(notebook);
    }),
    // A cell that was deleted; a notebook's own cells may stay in VS Code's memory for long after it was closed.
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
    vscode.workspace.onDidCloseNotebookDocument(({ uri }) => {
      for (const cell of this.#underlinedIn(uri)) this.#forget(cell);
    }),
  ];

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    // A notebook that is shown has a kernel, which its colours asked for.
    this.#subscriptions.push(kernels.onStarted(({ notebook }) => this.#checkSoon(notebook)));
    // A file that cells load may have come, gone, or got other columns.
    const files = vscode.workspace.createFileSystemWatcher('**/*');
    const checkAll = () => {
      for (const notebook of vscode.workspace.notebookDocuments) if (kernels.get(notebook)) this.#checkSoon(notebook);
    };
    this.#subscriptions.push(
      files,
      files.onDidCreate(checkAll),
      files.onDidDelete(checkAll),
      files.onDidChange(checkAll),
    );
  }

  clear(document: vscode.TextDocument): void {
    this.#ofRuns.delete(document.uri);
  }

  /** A problem without a place has nothing to underline; one that the check underlined already is not shown twice. */
  show(
    document: vscode.TextDocument,
    problems: readonly CellRemark[],
    severity = vscode.DiagnosticSeverity.Error,
  ): void {
    const known = this.#ofChecks.get(document.uri) ?? [];
    const own = problems.flatMap((problem) => {
      const diagnostic = this.#diagnosticOf(problem, severity);
      return diagnostic && !known.some((other) => isSame(other, diagnostic)) ? [diagnostic] : [];
    });
    if (own.length > 0) this.#ofRuns.set(document.uri, own);
  }

  /** What is underlined at a range. */
  problemsAt(
    { uri }: vscode.TextDocument,
    range: vscode.Range,
  ): { readonly diagnostic: vscode.Diagnostic; readonly problem: CellRemark }[] {
    return [this.#ofChecks, this.#ofRuns].flatMap((collection) =>
      (collection.get(uri) ?? []).flatMap((diagnostic) => {
        const problem = this.#problems.get(diagnostic);
        return problem && diagnostic.range.intersection(range) ? [{ diagnostic, problem }] : [];
      }),
    );
  }

  #diagnosticOf(problem: CellRemark, severity = vscode.DiagnosticSeverity.Error): vscode.Diagnostic | undefined {
    const diagnostic = diagnosticOf(problem, severity);
    if (diagnostic) this.#problems.set(diagnostic, problem);
    return diagnostic;
  }

  #edited(document: vscode.TextDocument): void {
    this.#ofRuns.delete(document.uri);
    const notebook = notebookOf(document);
    if (notebook) this.#checkSoon(notebook);
  }

  #checkSoon(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== NOTEBOOK_TYPE || !vscode.workspace.isTrusted) return;
    this.#checking.ask(notebook);
  }

  async #check(notebook: vscode.NotebookDocument): Promise<void> {
    const cells = cellsOf(notebook);
    const checked = await unlessEnded(this.#kernels.start(notebook).ask('check', { cells }), () => undefined);
    // What is said of a notebook that was closed meanwhile, nobody would take away again.
    if (!checked || notebook.isClosed) return;
    for (const { cellId } of cells) {
      const uri = vscode.Uri.parse(cellId);
      const own = checked.problems.flatMap((found) =>
        found.cellId === cellId ? (this.#diagnosticOf(found.problem) ?? []) : [],
      );
      this.#ofChecks.set(uri, own);
      if (this.#ofRuns.get(uri)?.some((other) => own.some((found) => isSame(found, other)))) this.#ofRuns.delete(uri);
    }
  }

  #forget(uri: vscode.Uri): void {
    this.#ofRuns.delete(uri);
    this.#ofChecks.delete(uri);
  }

  /** The URIs of cells of a notebook that something was said of. */
  #underlinedIn({ path }: vscode.Uri): vscode.Uri[] {
    return [this.#ofRuns, this.#ofChecks].flatMap((collection) =>
      [...collection].flatMap(([uri]) => (uri.path === path ? [uri] : [])),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#ofRuns.dispose();
    this.#ofChecks.dispose();
  }
}

/** The check and the run say the same of a place in other words. */
function isSame(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
  return a.code === b.code && a.range.isEqual(b.range);
}

function diagnosticOf(
  { code, message, span }: CellRemark,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic | undefined {
  if (!span) return undefined;
  const diagnostic = new vscode.Diagnostic(rangeOf(span), message, severity);
  diagnostic.code = code;
  diagnostic.source = 'LungNB';
  return diagnostic;
}
