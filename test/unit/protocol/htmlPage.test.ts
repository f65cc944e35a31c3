import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../../src/protocol/htmlPage.ts';
import type { Notebook } from '../../../src/protocol/notebook.ts';

const HOSTILE = '</script><script>alert(1)</script><!-- <script>';
const notebook: Notebook = {
  lungnb: 1,
  cells: [
    { kind: 'markup', source: [HOSTILE] },
    { kind: 'code', source: ['describe x'], outputs: [{ text: HOSTILE }] },
  ],
};

describe('a notebook as an HTML page', () => {
  const html = htmlPage(notebook, `<b>${HOSTILE}`, 'const a = "</script>";');

  it('holds the whole notebook as JSON', () => {
    const json = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1];
    expect(JSON.parse(json!)).toEqual(notebook);
  });

  it('cannot be broken out of by what a notebook or the program says', () => {
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).toContain('<title>&lt;b&gt;');
  });

  it('may load nothing', () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)=/);
  });

  it('shows outputs alone where the code is left out', () => {
    const json = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(
      htmlPage(notebook, 'x', '', { withCode: false }),
    )?.[1];
    const { cells } = JSON.parse(json!) as Notebook;
    expect(cells.map(({ source, outputs }) => [source, outputs?.length])).toEqual([
      [[HOSTILE], undefined],
      [[], 1],
    ]);
  });
});
