/** Completion, hover and the shape of statements, while a cell is written. */
import * as vscode from 'vscode';
import type { Completion, Signature } from '../protocol/kernelApi.ts';
import { askAbout, positionInCell } from './asked.ts';
import type { Kernels } from './kernels.ts';
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
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      CELL_LANGUAGE,
      {
        async provideCompletionItems(document, position) {
          const asked = askAbout(kernels, document);
          const found = await asked?.ask('complete', positionInCell(asked, document, position));
          if (!found) return [];
          const range = rangeBetween(document, found.from, found.to);
          return found.items.map((item, n) => completionItem(item, range, n));
        },
      },
      ' ',
      '"',
      '/',
      ',',
    ),
    vscode.languages.registerHoverProvider(CELL_LANGUAGE, {
      async provideHover(document, position) {
        const asked = askAbout(kernels, document);
        const about = await asked?.ask('hover', positionInCell(asked, document, position));
        return about
          ? new vscode.Hover(new vscode.MarkdownString(about.text), rangeBetween(document, about.from, about.to))
          : null;
      },
    }),
    vscode.languages.registerSignatureHelpProvider(
      CELL_LANGUAGE,
      {
        async provideSignatureHelp(document, position) {
          const asked = askAbout(kernels, document);
          const signature = await asked?.ask('signature', positionInCell(asked, document, position));
          return signature ? signatureHelp(signature) : null;
        },
      },
      ' ',
      ',',
    ),
  );
}

function signatureHelp({ verb, documentation, parts, active }: Signature): vscode.SignatureHelp {
  const help = new vscode.SignatureHelp();
  const information = new vscode.SignatureInformation(
    [verb, ...parts.map(({ label }) => label)].join(' '),
    new vscode.MarkdownString(documentation),
  );
  information.parameters = parts.map(
    (part) => new vscode.ParameterInformation(part.label, new vscode.MarkdownString(part.documentation)),
  );
  help.signatures = [information];
  help.activeSignature = 0;
  help.activeParameter = active;
  return help;
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

/** Between offsets of the kernel's text, whose lines end in one character. */
function rangeBetween(document: vscode.TextDocument, from: number, to: number): vscode.Range {
  const text = document.getText().replaceAll('\r\n', '\n');
  const position = (offset: number) => {
    const before = text.slice(0, offset).split('\n');
    return new vscode.Position(before.length - 1, before.at(-1)!.length);
  };
  return new vscode.Range(position(from), position(to));
}
