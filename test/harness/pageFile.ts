/** What stands in a page's file. */
import { readFileSync } from 'node:fs';
import type { PageContents } from '../../src/kernel/page/openPage.ts';
import { type Notebook, PAGE_DATA_ID } from '../../src/protocol/notebook.ts';
import { COMPUTING_ID, type PageComputing } from '../../src/protocol/page/computing.ts';

/** Of a page that computes. */
export function contentsOfPage(file: string): PageContents {
  const html = readFileSync(file, 'utf8');
  const element = (id: string): unknown =>
    JSON.parse(new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(html)![1]!);
  // SAFETY: the command line has written both.
  return {
    cells: (element(PAGE_DATA_ID) as Notebook).cells,
    computing: element(COMPUTING_ID) as PageComputing,
  };
}
