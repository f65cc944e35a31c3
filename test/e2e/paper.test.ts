/** What `lungnb run` makes for a paper through the browser that is there: a PDF, a document with figures, figures as files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI } from '../../scripts/lib/project.ts';

const BROWSER = process.env.LUNGNB_CHROMIUM;
const WIDE = Array.from({ length: 80 }, (_, n) => `column${n}`);

let folder: string;
const at = (name: string) => join(folder, name);

function run(browser: string | undefined, ...options: string[]) {
  const env = { ...process.env, ...(browser === undefined ? {} : { LUNGNB_BROWSER: browser }) };
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'run', at('n.lungnb'), '--cache', at('c'), ...options], {
    encoding: 'utf8',
    env,
  });
  return { status, stderr };
}

function put(...cells: string[]): void {
  const json = { lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: source.split('\n') })) };
  writeFileSync(at('n.lungnb'), JSON.stringify(json));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-paper-'));
  const scores = (shift: number) =>
    Array.from({ length: 12 }, (_, n) => `P${n},total,ggo,${(n + shift) % 4}\nP${n},total,reticulation,${n % 3}`);
  for (const shift of [0, 1])
    writeFileSync(at(`r${shift}.csv`), `patient,region,class,score\n${scores(shift).join('\n')}\n`);
  const lung = Array.from({ length: 12 }, (_, n) => `P${n},${60 + ((n * 7) % 11)}`);
  writeFileSync(at('lung.csv'), `patient,fvc\n${lung.join('\n')}\n`);
  writeFileSync(at('wide.csv'), `patient,${WIDE.join()}\nP1,${WIDE.map((_, n) => n).join()}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a notebook for a paper', () => {
  it('is printed on the sheet that is asked for, as large as on any other, with figures in the document and as files', () => {
    put(
      'load "r0.csv" as a\nload "r1.csv" as b\nagree a with b weights linear as ag',
      'load "wide.csv" as wide',
      'plot ag as confusion\nexport figure to "fig.png" width 85 mm dpi 600',
      'load "lung.csv" as lung\njoin a with lung as both\nrelate both score with fvc as r\nplot r as forest\nexport figure to "fig.svg" width 85 mm',
    );
    const { status, stderr } = run(BROWSER, '--pdf', at('n.pdf'), '--paper', 'letter', '--docx', at('n.docx'));
    expect(stderr.replace(/^.*%.*\n/gm, '')).toBe('');
    expect(status).toBe(0);
    const pdf = readFileSync(at('n.pdf'), 'latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(new Set(pdf.match(/\/MediaBox \[[^\]]*\]/g))).toEqual(new Set(['/MediaBox [0 0 612 792]']));
    // Text that screen readers find, in an order that they can follow.
    expect(pdf).toContain('/StructTreeRoot');
    const document = unzipSync(readFileSync(at('n.docx')));
    const media = Object.keys(document).filter((name) => name.startsWith('word/media/'));
    expect(media).toHaveLength(2);
    // 175.9 mm between the margins of a letter's sheet, at 300 dots per inch.
    expect(decode(document[media[0]!]!)).toMatchObject({ width: 2078, resolution: { x: 11811, y: 11811, unit: 1 } });
    expect(strFromU8(document['word/document.xml']!)).toContain('SEQ Figure');
    // 85 mm at 600 dots per inch are 2007.9.
    const figure = decode(readFileSync(at('fig.png')));
    expect(figure).toMatchObject({ width: 2008, resolution: { x: 23622, y: 23622, unit: 1 } });
    expect(new Set(figure.data).size).toBeGreaterThan(10);
    const svg = readFileSync(at('fig.svg'), 'utf8');
    expect(svg).toMatch(/<svg [^>]*width="85mm"/);
    expect(svg).toContain('linear regression with standard errors');
    expect(svg).toMatch(/<text [^>]*>β per 1 of score<\/text>/);
    // Plotly names parts by lot.
    const names = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(names.map((_, n) => `part${n + 1}`));
    const referred = new Set([...svg.matchAll(/#([\w.:-]+)(?:"|&quot;|')?\)/g)].map(([, name]) => name));
    expect(referred.size).toBeGreaterThan(0);
    expect([...referred].filter((name) => !names.includes(name))).toEqual([]);
    // On the 321 pixels of 85 mm, the names on its left and the numbers on its right would be cut off.
    expect(Number(/viewBox="0 \d+ (\d+) /.exec(svg)?.[1])).toBeGreaterThan(380);
  }, 120_000);

  it('lacks its PDF and figures where no browser is there, says so before it runs, and nothing else fails', () => {
    put('load "r0.csv" as a', 'flow a\nexport figure to "none.svg"');
    const options = ['--pdf', at('none.pdf'), '--docx', at('none.docx'), '--json', at('none.json'), '--keep-going'];
    const { status, stderr } = run(at('no-such-browser'), ...options);
    expect(status).toBe(1);
    const [ahead, ahead2, failed, last] = stderr.trimEnd().split('\n');
    expect(ahead).toMatch(/^--pdf: The browser that LUNGNB_BROWSER names is not there.* Everything else is run/);
    expect(ahead2).toMatch(/^--docx: .*figures and slices are told in words\.$/);
    expect(failed).toMatch(/n\.lungnb:2:2:1: The browser that LUNGNB_BROWSER names is not there/);
    expect(last).toMatch(/^--pdf: The browser/);
    expect(['none.json', 'none.docx', 'none.pdf', 'none.svg'].map((name) => existsSync(at(name)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  }, 60_000);
});
