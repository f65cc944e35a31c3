/** What servers may not do: fill memory or disk, wait for ever, lead elsewhere, or answer what nobody can read. */
import { globSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Task, unattended } from '../../../../src/kernel/base/task.ts';
import { fetchStudies, TIMEOUTS as REAL_TIMEOUTS } from '../../../../src/kernel/ct/dicomWeb/fetchStudies.ts';
import { bytesInWords, LIMITS, type WebLimits } from '../../../../src/kernel/ct/dicomWeb/limits.ts';
import { archive, asParts, createServers, endless, instanceMatch, json, multipart, SERIES } from './server.ts';

/** Longer than a busy machine takes for an answer of its own. */
const TIMEOUTS = { silenceMs: 10_000, slowestBytesPerSecond: 100, pauseMs: 1 };
const { serve, close } = createServers();
const before = new Set<string>();
const filesOfOurs = () =>
  globSync(join(tmpdir(), `lungnb-dicomweb-*-${process.pid}-*/*`)).filter((file) => !before.has(file));
beforeEach(() => {
  for (const file of filesOfOurs()) before.add(file);
});
afterEach(close);

const fetchFrom = (root: string, limits: Partial<WebLimits> = {}, task: Task = unattended, path = SERIES) =>
  fetchStudies(`${root}${path}`, [], task, TIMEOUTS, { ...LIMITS, ...limits });
const image = (n: number, bytes = 1000) => multipart(Buffer.alloc(bytes, n));

describe('limits of what a server may send', () => {
  const failing = async (root: string, limits: Partial<WebLimits>, path?: string) => {
    const error = await fetchFrom(root, limits, unattended, path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await delay(50);
    expect(filesOfOurs()).toEqual([]);
    return error;
  };

  it.each([
    ['studies', '/rs/', '0020000D', 'more than 200 studies'],
    ['images', SERIES, '00080018', 'more than 5000 images'],
  ])('pages of %s without end', async (_, path, tag, message) => {
    let pages = 0;
    const root = await serve((_request, response) => {
      pages++;
      json(
        response,
        Array.from({ length: 1000 }, (_, n) => ({ [tag]: { Value: [`1.2.${pages}.${n}`] } })),
      );
    });
    expect(await failing(root, { matches: 5000 }, path)).toMatchObject({
      code: 'web-too-many',
      message: expect.stringContaining(message),
    });
    expect(pages).toBeLessThan(8);
  });

  it('pages that each bring one new match', async () => {
    let pages = 0;
    const root = await serve((_request, response) => {
      pages++;
      json(
        response,
        Array.from({ length: 1000 }, (_, n) => instanceMatch(n === 0 ? `1.9.${pages}` : `1.2.${n}`)),
      );
    });
    expect(await failing(root, { pages: 20 })).toMatchObject({ code: 'web-too-many' });
    expect(pages).toBe(20);
  });

  it('a page without end', async () => {
    const root = await serve((_request, response) => {
      response.setHeader('content-type', 'application/dicom+json').write('[');
      endless(response, Buffer.alloc(100_000, ' '));
    });
    expect(await failing(root, { pageBytes: 3 * 1024 ** 2 })).toMatchObject({
      code: 'web-too-large',
      message: expect.stringMatching(/127\.0\.0\.1:\d+ sends more than 3 MB of matches/),
    });
  });

  it.each([
    ['of one image', { imageBytes: 2 * 1024 ** 2 }, 'more than 2 MB for one image'],
    ['of a study', { studyBytes: 3 * 1024 ** 2 }, 'more than 3 MB for one study'],
    ['of a load', { loadBytes: 3 * 1024 ** 2 }, 'more than 3 MB for one `load`'],
  ])('six images without end: by the limit %s, and nothing stays on disk', async (_, limits, message) => {
    const root = await serve(
      archive(6, (n, response) => {
        asParts(response).write('--b1\r\n\r\n');
        endless(response, Buffer.alloc(50_000, n));
      }),
    );
    expect(await failing(root, limits)).toMatchObject({
      code: 'web-too-large',
      message: expect.stringContaining(message),
    });
  });

  it('images that are whole, and too many for their study', async () => {
    const root = await serve(archive(50, (n, response) => asParts(response).end(image(n, 100_000))));
    expect(await failing(root, { studyBytes: 1_000_000 })).toMatchObject({ code: 'web-too-large' });
  });

  it('a disk that is nearly full', async () => {
    const root = await serve(archive(3, (n, response) => asParts(response).end(image(n))));
    expect(await failing(root, { freeBytes: 1e18, freeShare: 1.1 })).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('TMPDIR'),
    });
  });

  it.each([
    ['parts without end', Buffer.from('--b1\r\n\r\nx\r\n'), 'parts'],
    ['a part header without end', Buffer.alloc(50_000, 'h'), 'header'],
  ])('%s', async (_, bytes, message) => {
    const root = await serve(
      archive(1, (_n, response) => {
        asParts(response).write('--b1\r\n');
        endless(response, bytes);
      }),
    );
    expect(await failing(root, {})).toMatchObject({
      code: 'web-too-large',
      message: expect.stringContaining(message),
    });
  });

  it('HTTP header lines beyond what Node takes', async () => {
    const root = await serve((_request, response) => response.setHeader('x-long', 'x'.repeat(20_000)).end('[]'));
    expect(await failing(root, {})).toMatchObject({
      code: 'web-too-large',
      message: expect.stringContaining('header lines'),
    });
  });

  it('an answer that trickles, byte by byte', async () => {
    const root = await serve(
      archive(1, (_n, response) => {
        asParts(response).write('--b1\r\n\r\n');
        const trickle = setInterval(() => response.write('x'), 50);
        response.once('close', () => clearInterval(trickle));
      }),
    );
    const impatient = { silenceMs: 1000, slowestBytesPerSecond: 100, pauseMs: 1 };
    await expect(fetchStudies(`${root}${SERIES}`, [], unattended, impatient)).rejects.toMatchObject({
      code: 'web-failed',
      message: expect.stringMatching(/sent \d+ bytes in 5 seconds/),
    });
  }, 120_000);

  it('are far beyond a 4D CT of 10 000 images of 1 MB', () => {
    const bytes = 10_000 * 1024 ** 2;
    expect([LIMITS.studyBytes, LIMITS.loadBytes].every((limit) => limit >= 10 * bytes)).toBe(true);
    expect([LIMITS.matches, LIMITS.images].every((limit) => limit >= 100_000)).toBe(true);
  });

  it('are those that the manual tells', () => {
    const manual = readFileSync(join(import.meta.dirname, '../../../../docs/dicomweb.md'), 'utf8');
    const count = (most: number) => String(most).replace(/\B(?=(\d{3})+$)/g, most >= 10_000 ? ' ' : '');
    for (const row of [
      `series of a study, images of a series | ${count(LIMITS.matches)}`,
      `images of one \`load\` | ${count(LIMITS.images)}`,
      `pages of a search | ${count(LIMITS.pages)}`,
      `a page of matches | ${bytesInWords(LIMITS.pageBytes)}`,
      `an image with all its frames | ${bytesInWords(LIMITS.imageBytes)}`,
      `parts of the answer that holds it | ${LIMITS.parts}`,
      `header lines of the server, or of a part | ${bytesInWords(LIMITS.partHeaderBytes)}`,
      `a study | ${bytesInWords(LIMITS.studyBytes)}`,
      `one \`load\` | ${bytesInWords(LIMITS.loadBytes)}`,
      `without a byte | ${REAL_TIMEOUTS.silenceMs / 1000} s`,
      `pace, over 5 minutes | ${bytesInWords(REAL_TIMEOUTS.slowestBytesPerSecond)}/s`,
    ])
      expect(manual).toContain(`| ${row} |`);
    expect(manual).toContain(
      `At least ${bytesInWords(LIMITS.freeBytes)} of the disk stays free, or ${100 * LIMITS.freeShare} %`,
    );
  });
});

describe('an interrupt', () => {
  it('ends downloads that have no end, and leaves nothing', async () => {
    const controller = new AbortController();
    const root = await serve(
      archive(6, (n, response) => {
        asParts(response).write('--b1\r\n\r\n');
        endless(response, Buffer.alloc(50_000, n));
        setTimeout(() => controller.abort(), 100);
      }),
    );
    await expect(fetchFrom(root, {}, { ...unattended, signal: controller.signal })).rejects.toThrow(/abort/i);
    await delay(100);
    expect(filesOfOurs()).toEqual([]);
  });
});

describe('answers that nobody can read', () => {
  const answering =
    (body: string | Buffer, type = 'application/dicom+json') =>
    (response: ServerResponse) =>
      response.setHeader('content-type', type).end(body);
  const nested = `[${'['.repeat(100_000)}${']'.repeat(100_000)}]`;

  it.each([
    ['cut off', answering('[{"0020000D": {"Value": ["1.2"'), 'web-failed', /cut off/],
    ['broken inside', answering('[{"0020000D": }]'), 'not-dicomweb', /JSON that cannot be read/],
    ['an object', answering('{"error": "no"}'), 'not-dicomweb', /no list of matches/],
    ['null', answering('null'), 'not-dicomweb', /no list of matches/],
    ['a list of numbers', answering('[1, 2]'), 'not-dicomweb', /no list of matches/],
    ['values of other types', answering('[{"0020000D": {"Value": "1.2"}}]'), 'not-dicomweb', /no list of matches/],
    ['nested deep', answering(nested), 'not-dicomweb', /JSON/],
    [
      'nested deep where a UID belongs',
      answering(`[{"00080018": {"Value": [${nested}]}}]`),
      'web-not-found',
      /no CT images/,
    ],
    ['not in UTF-8', answering(Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d])), 'not-dicomweb', /not in UTF-8/],
    ['a page to log in', answering('<html>', 'text/html; charset=utf-8'), 'not-dicomweb', /web page \(text\/html\)/],
    ['such a page that says it is JSON', answering('<html>'), 'not-dicomweb', /web page that says it is JSON/],
    ['of a type with control characters', answering('x', 'a\u0085b'), 'not-dicomweb', /something of no type/],
  ])('matches %s', async (_, answer, code, message) => {
    const root = await serve((_request, response) => answer(response));
    await expect(fetchFrom(root)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:\\d+ .*${message.source}`)),
    });
  });

  it('a page to log in where an image belongs', async () => {
    const root = await serve(archive(2, (_n, response) => response.setHeader('content-type', 'text/html').end('<p>')));
    await expect(fetchFrom(root)).rejects.toMatchObject({
      code: 'not-dicomweb',
      message: expect.stringContaining('for an image'),
    });
  });
});

describe('another server', () => {
  const asked: (string | undefined)[] = [];
  const recorder = () =>
    serve((request, response) => {
      asked.push(request.url);
      response.end();
    });
  afterEach(() => {
    asked.length = 0;
  });

  it.each([301, 302, 303, 305, 307, 308])(
    'is not asked after a redirect by %i, in any way of writing it',
    async (status) => {
      const other = new URL(await recorder());
      for (const location of [
        `${other.href}rs`,
        `//${other.host}/rs`,
        `\\\\${other.host}\\rs`,
        `http://127.0.0.1@${other.host}/`,
        `https://${other.host}/`,
        `http://localhost:${other.port}/`,
        `ftp://${other.host}/`,
        'http://[',
      ]) {
        const root = await serve((_, response) => response.writeHead(status, { location }).end());
        await expect(fetchFrom(root)).rejects.toMatchObject({ code: 'web-redirect' });
      }
      expect(asked).toEqual([]);
    },
  );

  it('is not asked for what headers and matches name', async () => {
    const other = await recorder();
    const root = await serve((request, response) => {
      for (const [name, value] of [
        ['link', `<${other}/>; rel=preload`],
        ['refresh', `0; url=${other}/`],
        ['alt-svc', `h2="${new URL(other).host}"`],
        ['content-location', `${other}/`],
        ['set-cookie', `a=b; Domain=127.0.0.1`],
      ] as const)
        response.setHeader(name, value);
      if (request.headers.cookie) asked.push(request.headers.cookie);
      if (request.url!.startsWith(`${SERIES}/instances?`))
        json(response, [
          {
            ...instanceMatch('1.2.3.1'),
            '00081190': { vr: 'UR', Value: [`${other}/instances/1`] },
            '7FE00010': { vr: 'OW', BulkDataURI: `${other}/bulk` },
          },
          instanceMatch(`../../${other}`),
          instanceMatch('1.2@evil'),
        ]);
      else asParts(response).end(image(1));
    });
    expect((await fetchFrom(root)).files).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it('is not asked as a proxy', async () => {
    const proxy = await recorder();
    const saved = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy, NO_PROXY: '' });
    try {
      const root = await serve(archive(1, (n, response) => asParts(response).end(image(n))));
      expect((await fetchFrom(root)).files).toHaveLength(1);
    } finally {
      process.env = saved;
    }
    expect(asked).toEqual([]);
  });
});
