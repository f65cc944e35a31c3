/** How the client bears servers that fail, against servers of a few lines. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../../src/kernel/base/task.ts';
import { fetchStudies } from '../../../../src/kernel/ct/dicomWeb/fetchStudies.ts';
import type { DicomWebServer } from '../../../../src/protocol/kernelApi.ts';
import { asymmetricVolume, temporaryFolder, writeSeries } from '../helpers.ts';
import { archive, asParts, createServers, json, multipart, SERIES } from './server.ts';

const TIMEOUTS = { silenceMs: 300, slowestBytesPerSecond: 10, pauseMs: 1 };

const { serve, close } = createServers();
let folder: string;
let slices: Buffer[];
beforeEach(() => {
  folder = temporaryFolder();
  slices = writeSeries(folder, asymmetricVolume(4, 4, 3)).map((file) => readFileSync(file));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const part = (response: ServerResponse, bytes: Buffer) => asParts(response).end(bytes);
const good = (n: number, response: ServerResponse) => part(response, multipart(slices[n - 1]!));
const fetchSeries = (root: string, logins: DicomWebServer[] = []) =>
  fetchStudies(`${root}${SERIES}`, logins, unattended, TIMEOUTS);

describe('fetching from a DICOMweb server', () => {
  it('keeps what it fetched in a folder of its own, named by content and closed to others', async () => {
    const { files, problems } = await fetchSeries(await serve(archive(3, good)));
    expect(problems).toEqual([]);
    expect(files.map((file) => readFileSync(file))).toEqual(slices);
    for (const file of files) {
      expect(basename(file)).toMatch(/^[0-9a-f]{64}\.dcm$/);
      expect(statSync(file).mode & 0o077).toBe(0);
      expect(statSync(dirname(file)).mode & 0o077).toBe(0);
    }
  });

  it.each([
    ['an error that passes', (response: ServerResponse) => response.writeHead(503).end()],
    ['a connection that breaks off', (response: ServerResponse) => response.destroy()],
    [
      'an answer cut off in the middle',
      (response: ServerResponse) => part(response, multipart(slices[0]!).subarray(0, 300)),
    ],
    ['silence', () => undefined],
  ])('tries again after %s', async (_, fail) => {
    let tries = 0;
    const { files, problems } = await fetchSeries(
      await serve(archive(3, (n, response) => (n === 1 && tries++ === 0 ? fail(response) : good(n, response)))),
    );
    expect({ count: files.length, problems, tries }).toEqual({ count: 3, problems: [], tries: 2 });
  });

  it('goes on without an image that fails every time, and says so', async () => {
    const handler = archive(3, (n, response) => (n === 2 ? response.writeHead(500).end() : good(n, response)));
    const { files, problems } = await fetchSeries(await serve(handler));
    expect(files).toHaveLength(2);
    expect(problems).toMatchObject([{ code: 'image-not-fetched', message: expect.stringContaining('answers 500') }]);
    expect(problems[0]!.message).not.toContain('1.2.3');
  });

  it('follows a redirect within the server, and none to another', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const within = await serve((request, response) => {
      if (request.url!.startsWith('/rs')) response.writeHead(307, { location: `/moved${request.url}` }).end();
      else archive(3, good)(Object.assign(request, { url: request.url!.slice('/moved'.length) }), response);
    });
    expect((await fetchSeries(within)).files).toHaveLength(3);
    const away = await serve((_, response) => response.writeHead(302, { location: `${other}/rs` }).end());
    const login = [{ url: `${away}/rs`, token: 'secret' }];
    await expect(fetchSeries(away, login)).rejects.toMatchObject({ code: 'web-redirect' });
    expect(seen).toEqual([]);
  });

  it('sends a token or a user to its own server, and to no path that only begins alike', async () => {
    const seen = new Set<string | undefined>();
    const root = await serve((request, response) => {
      seen.add(request.headers.authorization);
      archive(3, good)(request, response);
    });
    await fetchSeries(root, [{ url: `${root}/rs/`, token: 'abc' }]);
    await fetchSeries(root, [{ url: root, user: 'u', password: 'p' }]);
    await fetchSeries(root, [{ url: `${root}/r`, token: 'other' }]);
    expect([...seen]).toEqual(['Bearer abc', `Basic ${btoa('u:p')}`, undefined]);
  });

  it.each([
    [
      'a web page',
      (response: ServerResponse) => response.setHeader('content-type', 'text/html').end('<p>'),
      'not-dicomweb',
    ],
    ['other JSON', (response: ServerResponse) => json(response, [1]), 'not-dicomweb'],
    ['nothing at this address', (response: ServerResponse) => response.writeHead(404).end(), 'web-not-found'],
    ['no images', (response: ServerResponse) => response.writeHead(204).end(), 'web-not-found'],
    ['a demand for a login', (response: ServerResponse) => response.writeHead(401).end(), 'web-login'],
    ['a refusal', (response: ServerResponse) => response.writeHead(400).end(), 'web-failed'],
    ['errors without end', (response: ServerResponse) => response.writeHead(500).end(), 'web-failed'],
  ])('answers %s with a clear error', async (_, answer, code) => {
    const root = await serve((_request, response) => answer(response));
    await expect(fetchSeries(root)).rejects.toMatchObject({ code });
  });

  it('says that nobody answers', async () => {
    const root = await serve(() => undefined);
    await close();
    await expect(fetchSeries(root)).rejects.toMatchObject({ code: 'web-unreachable' });
  });

  it.each([
    ['ftp://a/studies/1', 'web-address'],
    ['http://user:word@a/dicom-web/studies/1', 'login-in-address'],
    ['https://a/dicom-web/?access_token=x', 'login-in-address'],
    ['https://a/dicom-web/studies/1/instances', 'web-address'],
    ['https://a/dicom-web/studies/one', 'web-address'],
  ])('refuses %s, and repeats no secret', async (address, code) => {
    const error = await fetchStudies(address, [], unattended, TIMEOUTS).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.not.stringMatching(/word@|access_token=x/) });
  });
});
