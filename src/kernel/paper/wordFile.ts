/** A document for word processors (Office Open XML, ISO/IEC 29500), from blocks on sheets that stand or lie. */
import {
  AlignmentType,
  Document,
  Footer,
  type ISectionOptions,
  LevelFormat,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  SectionType,
  TabStopType,
  TextRun,
} from 'docx';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { SOFTWARE } from '../base/software.ts';
import type { Block } from './blocks.ts';
import { MARGIN_MM, type SheetName, sheetSize, textWidthMm, twips } from './page.ts';
import { BULLETS } from './text.ts';

const FONT = 'Arial';
const BLACK = '000000';

export interface WordFile {
  readonly title: string;
  readonly sheet: SheetName;
  readonly blocks: readonly Block[];
}

/** The bytes of the `.docx` file: the same for the same blocks, whenever it is written. */
export async function wordFile({ title, sheet, blocks }: WordFile): Promise<Uint8Array> {
  const document = new Document({
    title,
    creator: SOFTWARE,
    lastModifiedBy: SOFTWARE,
    description: 'Research only: not a medical device.',
    styles: STYLES,
    numbering: { config: [{ reference: BULLETS, levels: [0, 1, 2].map(bullet) }] },
    sections: sectionsOf(blocks).map((section) => sectionWith(section, title, sheet)),
  });
  return withoutDates(await Packer.toBuffer(document));
}

/** What is told of the document as a whole. */
const CORE = 'docProps/core.xml';
/** The first one that a zip archive can tell, on the clock of wherever it is. */
const NO_DATE = new Date(1980, 0, 1);

/** The library writes the clock's time into the properties and beside every part: a file that is unchanged would look changed. */
function withoutDates(docx: Uint8Array): Uint8Array {
  const parts = unzipSync(docx);
  const core = strFromU8(parts[CORE]!).replace(/<dcterms:(created|modified) [^>]*>[^<]*<\/dcterms:\1>/g, '');
  return zipSync({ ...parts, [CORE]: strToU8(core) }, { mtime: NO_DATE });
}

function heading(size: number) {
  return {
    run: { size, bold: true, color: BLACK, font: FONT },
    paragraph: { spacing: { before: 280, after: 100 }, keepNext: true },
  };
}

const STYLES = {
  default: {
    document: { run: { font: FONT, size: 20, language: { value: 'en-GB' } }, paragraph: { spacing: { after: 120 } } },
    heading1: heading(30),
    heading2: heading(25),
    heading3: heading(22),
    heading4: heading(20),
    heading5: heading(20),
    heading6: heading(20),
  },
  paragraphStyles: [
    {
      id: 'Caption',
      name: 'caption',
      basedOn: 'Normal',
      next: 'Normal',
      quickFormat: true,
      run: { size: 19, color: BLACK },
      paragraph: { spacing: { before: 200, after: 100 } },
    },
  ],
};

function bullet(level: number) {
  return {
    level,
    format: LevelFormat.BULLET,
    text: '•',
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: 360 * (level + 1), hanging: 260 } } },
  };
}

/** Neighbours on sheets that lie the same way, together. */
function sectionsOf(blocks: readonly Block[]): Block[] {
  const sections: { isLandscape: boolean; children: Block['children'][number][] }[] = [];
  for (const { isLandscape, children } of blocks) {
    const last = sections.at(-1);
    if (last && last.isLandscape === isLandscape) last.children.push(...children);
    else sections.push({ isLandscape, children: [...children] });
  }
  return sections;
}

function sectionWith({ isLandscape, children }: Block, title: string, sheet: SheetName): ISectionOptions {
  const margin = twips(MARGIN_MM);
  const orientation = isLandscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT;
  return {
    properties: {
      type: SectionType.NEXT_PAGE,
      page: {
        // The library turns it.
        size: { ...sheetSize(sheet), orientation },
        margin: { top: margin, bottom: margin, left: margin, right: margin, footer: twips(9) },
      },
    },
    footers: { default: footer(title, twips(textWidthMm(sheet, isLandscape))) },
    children,
  };
}

function footer(title: string, width: number): Footer {
  const look = { size: 14, color: '616161' };
  return new Footer({
    children: [
      new Paragraph({
        tabStops: [{ type: TabStopType.RIGHT, position: width }],
        children: [
          new TextRun({
            ...look,
            text: `${title} · ${SOFTWARE} · Research only. Not a medical device; not for diagnosis.`,
          }),
          new TextRun({ ...look, children: ['\t', PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES] }),
        ],
      }),
    ],
  });
}
