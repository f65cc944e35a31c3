/** `lungnb run --docx`: a notebook's texts, tables and figures in their order, as a document for word processors. */
import { Paragraph, TextRun } from 'docx';
import { methodsParagraph } from '../../protocol/methods/methods.ts';
import { type Notebook, type NotebookOutput, viewsOf } from '../../protocol/notebook.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { type Block, figureBlock, type Picture, tableBlock } from './blocks.ts';
import type { SheetName } from './page.ts';
import { markupBlocks, proseRuns } from './text.ts';
import { wordFile } from './wordFile.ts';

/** Of a long table; `export` writes all of it. */
const ROWS_SHOWN = 40;

export interface NotebookDocument {
  readonly title: string;
  readonly sheet: SheetName;
  readonly notebook: Notebook;
  /** Of the notebook's figures and slices, those that could be drawn. */
  readonly pictures: ReadonlyMap<ViewModel, Picture>;
}

export function notebookFile({ title, sheet, notebook, pictures }: NotebookDocument): Promise<Uint8Array> {
  const counts = { table: 0, figure: 0 };
  const place = (kind: keyof typeof counts) =>
    ({ number: ++counts[kind], sheet, stands: 'among others', mostRows: ROWS_SHOWN }) as const;
  const outputBlocks = ({ view, problem }: NotebookOutput, n: number): Block[] => {
    if (problem) return [upright([failure(n + 1, problem.message)])];
    if (view?.type === 'table') return [tableBlock(view, place('table'))];
    return view?.type === 'figure' || view?.type === 'slices'
      ? [figureBlock(view, pictures.get(view), place('figure'))]
      : [];
  };
  const blocks = notebook.cells.flatMap(({ kind, source, outputs = [] }, n) =>
    kind === 'markup'
      ? [upright(markupBlocks(source.join('\n')))]
      : outputs.flatMap((output) => outputBlocks(output, n)),
  );
  return wordFile({ title, sheet, blocks: [...blocks, ...methods(viewsOf(notebook.cells))] });
}

function upright(children: Block['children']): Block {
  return { isLandscape: false, children };
}

/** What all of them have in common, said once at the end. */
function methods(views: readonly ViewModel[]): Block[] {
  const text = methodsParagraph(
    views.flatMap((view) => ('provenance' in view && view.provenance ? [view.provenance] : [])),
  );
  if (text === undefined) return [];
  return [upright([...markupBlocks('## Methods'), new Paragraph({ children: proseRuns(text) })])];
}

function failure(cell: number, message: string): Paragraph {
  return new Paragraph({
    children: [new TextRun({ text: `Cell ${cell} failed, and shows nothing: `, bold: true }), ...proseRuns(message)],
  });
}
