/** Completion and hover in cells, by the notebook's kernel, which is started for them if it does not run. */
import * as vscode from 'vscode';
import type { Completion, PlaceInCell } from '../protocol/kernelApi.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';
import { CELL_LANGUAGE } from './serializer.ts';

const KINDS: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  verb: vscode.CompletionItemKind.Keyword,
  clause: vscode.CompletionItemKind.Property,
  name: vscode.CompletionItemKind.Variable,
  word: vscode.CompletionItemKind.EnumMember,
  column: vscode.CompletionItemKind.Field,
  function: vscode.CompletionItemKind.Function,
  text: vscode.CompletionItemKind.File,
};

export function registerLanguageFeatures(kernels: Kernels): vscode.Disposable {
  const place = (document: vscode.TextDocument, position: vscode.Position) => {
    const notebook = notebookOf(document);
    if (!notebook || !vscode.workspace.isTrusted) return undefined;
    const request: PlaceInCell = {
      cells: cellsOf(notebook),
      cellId: document.uri.toString(),
      offset: offsetOf(document, position),
    };
    return { kernel: kernels.start(notebook), request };
  };
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      CELL_LANGUAGE,
      {
        async provideCompletionItems(document, position) {
          const asked = place(document, position);
          if (!asked) return [];
          const { from, to, items } = await asked.kernel.complete(asked.request);
          const range = rangeOf(document, from, to);
          return items.map((item, n) => completionItem(item, range, n));
        },
      },
      ' ',
      '"',
      '/',
      ',',
    ),
    vscode.languages.registerHoverProvider(CELL_LANGUAGE, {
      async provideHover(document, position) {
        const asked = place(document, position);
        const about = await asked?.kernel.hover(asked.request);
        return about
          ? new vscode.Hover(new vscode.MarkdownString(about.text), rangeOf(document, about.from, about.to))
          : null;
      },
    }),
  );
}

function completionItem(
  { kind, label, detail, documentation }: Completion,
  range: vscode.Range,
  order: number,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, KINDS[kind]);
  item.range = range;
  // In the order in which the kernel gives them, which is the order of the declarations.
  item.sortText = String(order).padStart(4, '0');
  if (detail !== undefined) item.detail = detail;
  if (documentation !== undefined) item.documentation = new vscode.MarkdownString(documentation);
  return item;
}

/** Offsets in the kernel's text, whose lines end in one character. */
function offsetOf(document: vscode.TextDocument, position: vscode.Position): number {
  const { eol } = document;
  return document.offsetAt(position) - (eol === vscode.EndOfLine.CRLF ? position.line : 0);
}

function rangeOf(document: vscode.TextDocument, from: number, to: number): vscode.Range {
  const text = document.getText().replaceAll('\r\n', '\n');
  const position = (offset: number) => {
    const before = text.slice(0, offset).split('\n');
    return new vscode.Position(before.length - 1, before.at(-1)!.length);
  };
  return new vscode.Range(position(from), position(to));
}
