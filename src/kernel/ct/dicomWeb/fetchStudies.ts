/** Fetches the CT images that an address stands for: searched by QIDO-RS, retrieved by WADO-RS (PS3.18 sections 10.6 and 10.4). */
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { concurrently } from '../../base/concurrently.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { parseWebAddress, serverFor, type WebAddress } from './address.ts';
import { type Budget, createBudget, tooLarge } from './budget.ts';
import { createDownloads, type Download, type Downloads } from './downloads.ts';
import { bytesInWords, LIMITS, type WebLimits } from './limits.ts';
import { type Match, matchesOf, notDicomWeb, typeInWords } from './matches.ts';
import { boundaryOf, type PartSink, readParts, SizeLimitError } from './multipart.ts';
import { request, TransientError, type WebAnswer, type WebClient } from './request.ts';

export interface Fetched {
  /** Paths of the files, in no order that means anything. */
  readonly files: readonly string[];
  readonly problems: readonly Remark[];
}

/** When a server counts as hung; shorter in tests. */
export interface Timeouts {
  readonly silenceMs: number;
  readonly slowestBytesPerSecond: number;
  readonly pauseMs: number;
}

export interface FetchOptions {
  readonly timeouts?: Timeouts;
  readonly limits?: WebLimits;
}

export const TIMEOUTS: Timeouts = { silenceMs: 60_000, slowestBytesPerSecond: 1024, pauseMs: 500 };

const JSON_TYPE = 'application/dicom+json';
/** Any transfer syntax: as it is stored, so that nothing is compressed again on the way. */
const INSTANCE_TYPE = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const AT_ONCE = 6;
/** Matches asked for at a time; servers may give fewer. */
const PAGE = 1000;
/** More studies than this are asked back: a search without terms would fetch a whole archive. */
const MAX_STUDIES = 200;
const SEARCHED = 0.1;
const MODALITIES_SHOWN = 10;

/** What the steps of one `load` share. */
interface Fetching {
  readonly client: WebClient;
  readonly limits: WebLimits;
  readonly budget: Budget;
  readonly downloads: Downloads;
}

interface Instance {
  readonly url: string;
  /** The study that it counts for. */
  readonly study: string;
}

/**
 * Throws a UserError where the server cannot be used, holds no such study, or sends more than `limits` allow; nothing
 * that was fetched then stays on disk.
 */
export async function fetchStudies(
  written: string,
  servers: readonly DicomWebServer[],
  task: Task,
  { timeouts = TIMEOUTS, limits = LIMITS }: FetchOptions = {},
): Promise<Fetched> {
  const address = parseWebAddress(written);
  const { host } = new URL(address.root);
  // What is under way ends with the first failure, and not when the server has sent it all.
  const stop = new AbortController();
  const signal = AbortSignal.any([task.signal, stop.signal]);
  const fetching: Fetching = {
    client: { host, login: serverFor(address.root, servers), signal, ...timeouts },
    limits,
    budget: createBudget(host, limits),
    downloads: createDownloads(),
  };
  try {
    return await fetchAll(address, fetching, { ...task, signal });
  } catch (error) {
    stop.abort();
    await fetching.downloads.abandon();
    throw error;
  }
}

async function fetchAll(address: WebAddress, fetching: Fetching, task: Task): Promise<Fetched> {
  const { host } = fetching.client;
  task.progress(0, `asking ${host}`);
  const { series, problems } = await findSeries(address, fetching);
  let count = 0;
  const found = await concurrently(series, AT_ONCE, task.signal, async ({ url, study }) => {
    const list = await search(fetching, {
      url: `${url}/instances`,
      most: fetching.limits.matches,
      what: 'images of one series',
    });
    const instances = list.flatMap(({ instance }) =>
      instance === undefined ? [] : [{ url: `${url}/instances/${instance}`, study }],
    );
    count += instances.length;
    if (count > fetching.limits.images) throw tooMany(host, fetching.limits.images, 'images');
    return instances;
  });
  const instances = found.flat();
  if (instances.length === 0)
    throw new UserError(
      'web-not-found',
      `${host} has no CT images there.${problems.map((p) => ` ${p.message}`).join('')} Check the address or the search.`,
    );
  const fetched = await fetchInstances(instances, fetching, subtask(task, SEARCHED, 1));
  return { files: [...new Set(fetched.files)], problems: [...problems, ...fetched.problems] };
}

/** The CT series, and what was passed over. A series without a modality is looked at when it is there. */
async function findSeries(
  { root, study, series, query }: WebAddress,
  fetching: Fetching,
): Promise<{ series: Instance[]; problems: Remark[] }> {
  const { client, limits } = fetching;
  if (study !== undefined && series !== undefined)
    return { series: [{ url: `${root}/studies/${study}/series/${series}`, study }], problems: [] };
  const studies =
    study === undefined
      ? (await search(fetching, { url: `${root}/studies`, query, most: MAX_STUDIES, what: 'studies' })).flatMap(
          (m) => m.study ?? [],
        )
      : [study];
  const lists = await concurrently(studies, AT_ONCE, client.signal, (uid) =>
    search(fetching, { url: `${root}/studies/${uid}/series`, most: limits.matches, what: 'series of one study' }),
  );
  const all = lists.flatMap((list, n) => list.map((match) => ({ match, study: studies[n]! })));
  const isCt = ({ match }: { match: Match }) => ['CT', ''].includes(match.modality ?? '');
  const others = all.filter((one) => !isCt(one)).map(({ match }) => match.modality);
  return {
    series: all
      .filter(isCt)
      .flatMap(({ match, study: uid }) =>
        match.series === undefined ? [] : [{ url: `${root}/studies/${uid}/series/${match.series}`, study: uid }],
      ),
    problems: others.length
      ? [
          warning(
            'not-ct',
            `${counted(others.length, 'series', 'series')} of other modalities (${[...new Set(others)].sort().slice(0, MODALITIES_SHOWN).join(', ')}) ${others.length === 1 ? 'was' : 'were'} not fetched from ${client.host}.`,
          ),
        ]
      : [],
  };
}

interface Search {
  readonly url: string;
  readonly query?: string;
  /** More than this many are refused, in words as so many of `what`. */
  readonly most: number;
  readonly what: string;
}

/**
 * All matches, page by page. A server that knows no pages sends the first again: then it was all. Throws a UserError
 * where there are more than `most`.
 */
async function search({ client, limits }: Fetching, { url, query = '', most, what }: Search): Promise<Match[]> {
  const all = new Map<string, Match>();
  for (let n = 0; n < limits.pages; n++) {
    const terms = new URLSearchParams(query);
    if (!terms.has('limit')) terms.set('limit', String(PAGE));
    if (n > 0) terms.set('offset', String(n * PAGE));
    const page = await request(client, `${url}?${terms}`, JSON_TYPE, (answer) => readPage(answer, client, limits));
    const before = all.size;
    for (const match of page) all.set(JSON.stringify([match.study, match.series, match.instance]), match);
    if (all.size > most) throw tooMany(client.host, most, what);
    if (page.length < PAGE || all.size === before || new URLSearchParams(query).has('limit')) return [...all.values()];
  }
  throw tooMany(client.host, limits.pages, `pages of ${what}`);
}

function tooMany(host: string, most: number, what: string): UserError {
  return new UserError(
    'web-too-many',
    `${host} finds more than ${most} ${what}, more than LungNB fetches at once. Add search terms to the address, such as ?PatientID=7 or ?StudyDate=20240101-20240131, or load a single study or series.`,
  );
}

/** An answer that says it is JSON and does not end as JSON does was cut off. */
async function readPage({ contentType, body }: WebAnswer, client: WebClient, limits: WebLimits): Promise<Match[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limits.pageBytes)
      throw tooLarge(client.host, `more than ${bytesInWords(limits.pageBytes)} of matches`);
  }
  const page = Buffer.concat(chunks);
  const says = /json/i.test(contentType) && /^\s*\[/.test(page.toString('latin1', 0, 16));
  if (says && !/\]\s*$/.test(page.toString('latin1', Math.max(0, length - 16))))
    throw new TransientError('its answer was cut off');
  return matchesOf(page, contentType, client.host);
}

async function fetchInstances(instances: readonly Instance[], fetching: Fetching, task: Task): Promise<Fetched> {
  const { host } = fetching.client;
  const problems: Remark[] = [];
  let done = 0;
  const files = await concurrently(instances, AT_ONCE, task.signal, async (instance) => {
    try {
      return await request(fetching.client, instance.url, INSTANCE_TYPE, (answer) =>
        readInstance(answer, instance.study, fetching),
      );
    } catch (error) {
      task.signal.throwIfAborted();
      // What holds for one image alone costs that image; a login that fails would fail for all.
      if (!(error instanceof UserError) || !['web-failed', 'web-not-found'].includes(error.code)) throw error;
      problems.push(warning('image-not-fetched', `One image could not be fetched: ${error.message}`));
      return [];
    } finally {
      task.progress(++done / instances.length, `fetching images: ${done} of ${instances.length} from ${host}`);
    }
  });
  if (problems.length === instances.length) throw new UserError('web-failed', problems[0]!.message);
  return { files: files.flat(), problems };
}

/** The files of one instance, on disk: one, as multipart or, from servers that do not bother, bare. */
async function readInstance(
  { contentType, body }: WebAnswer,
  study: string,
  { client: { host }, limits, budget, downloads }: Fetching,
): Promise<string[]> {
  if (/^text\/|json/i.test(contentType)) throw notDicomWeb(host, `sends ${typeInWords(contentType)} for an image`);
  const boundary = boundaryOf(contentType);
  const files: string[] = [];
  let taken = 0;
  let download: Download | undefined;
  const open = async (): Promise<PartSink> => {
    const own = await downloads.start();
    download = own;
    return {
      async write(bytes) {
        taken += bytes.length;
        if (taken > limits.imageBytes)
          throw tooLarge(host, `more than ${bytesInWords(limits.imageBytes)} for one image`);
        await budget.take(study, bytes.length, own.folder);
        await own.write(bytes);
      },
      async end() {
        files.push(await own.keep());
      },
    };
  };
  try {
    if (boundary === undefined) await readBare(body, await open());
    else if (!(await readParts(body, boundary, limits, open))) throw new TransientError('its answer was cut off');
    return files;
  } catch (error) {
    await download?.discard();
    budget.giveBack(study, taken);
    throw error instanceof SizeLimitError ? tooLarge(host, `an image with ${error.message}`) : error;
  }
}

async function readBare(body: AsyncIterable<Uint8Array>, sink: PartSink): Promise<void> {
  for await (const chunk of body) await sink.write(chunk);
  await sink.end();
}
