/** Text for word processors: sentences of the kernel, whose names stand between backticks, and Markdown of markup cells. */
import {
  AlignmentType,
  BorderStyle,
  HeadingLevel,
  type IParagraphOptions,
  type IRunOptions,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import MarkdownIt, { type Token } from 'markdown-it';
import { visibleLine } from '../../protocol/words/visibleText.ts';

const CODE_FONT = 'Courier New';
/** Of the list of a document. */
export const BULLETS = 'bullets';

/** Every second part stands between backticks. */
export function proseRuns(text: string, look: IRunOptions = {}): TextRun[] {
  return visibleLine(text)
    .split('`')
    .map((part, n) => new TextRun({ ...look, text: part, ...(n % 2 ? { font: CODE_FONT } : {}) }));
}

const MARKDOWN = new MarkdownIt({ html: false, linkify: false });

const HEADINGS = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
];

/** The blocks of a markup cell. HTML in it is text, and pictures are their descriptions: nothing is fetched. */
export function markupBlocks(source: string): (Paragraph | Table)[] {
  const blocks: (Paragraph | Table)[] = [];
  let paragraph: IParagraphOptions = {};
  let lists = 0;
  let rows: Token[][] | undefined;
  for (const token of MARKDOWN.parse(source, {})) {
    if (token.type === 'table_open') rows = [];
    if (token.type === 'tr_open') rows?.push([]);
    if (token.type === 'table_close' && rows) {
      blocks.push(markupTable(rows));
      rows = undefined;
    }
    if (/_list_open$/.test(token.type)) lists++;
    if (/_list_close$/.test(token.type)) lists--;
    if (token.type === 'heading_open') paragraph = { heading: HEADINGS[Number(token.tag.slice(1)) - 1]! };
    if (token.type === 'list_item_open')
      paragraph = { numbering: { reference: BULLETS, level: Math.min(lists - 1, 2) } };
    if (token.type === 'inline' && rows) rows.at(-1)!.push(token);
    else if (token.type === 'inline') {
      blocks.push(new Paragraph({ ...paragraph, children: inlineRuns(token) }));
      // What else a list item has stands below it, without a mark.
      paragraph = lists ? { indent: { left: 360 * lists } } : {};
    }
    if (token.type === 'fence' || token.type === 'code_block')
      for (const line of token.content.trimEnd().split('\n'))
        blocks.push(new Paragraph({ children: [new TextRun({ text: visibleLine(line), font: CODE_FONT })] }));
    if (/^(heading|list_item|bullet_list|ordered_list)_close$/.test(token.type) && !lists) paragraph = {};
  }
  return blocks;
}

function inlineRuns({ children }: Token): TextRun[] {
  let bold = false;
  let italics = false;
  return (children ?? []).flatMap(({ type, content }) => {
    if (type === 'strong_open' || type === 'strong_close') bold = type === 'strong_open';
    if (type === 'em_open' || type === 'em_close') italics = type === 'em_open';
    if (type === 'softbreak') return [new TextRun({ text: ' ' })];
    if (type === 'hardbreak') return [new TextRun({ break: 1 })];
    if (type === 'code_inline') return [new TextRun({ text: visibleLine(content), font: CODE_FONT, bold, italics })];
    return content ? [new TextRun({ text: visibleLine(content), bold, italics })] : [];
  });
}

function markupTable(rows: readonly (readonly Token[])[]): Table {
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    borders: {
      left: { style: BorderStyle.NONE },
      right: { style: BorderStyle.NONE },
      insideVertical: { style: BorderStyle.NONE },
    },
    rows: rows.map(
      (cells, r) =>
        new TableRow({
          tableHeader: r === 0,
          children: cells.map(
            (cell) =>
              new TableCell({
                children: [new Paragraph({ alignment: AlignmentType.LEFT, children: inlineRuns(cell) })],
              }),
          ),
        }),
    ),
  });
}
