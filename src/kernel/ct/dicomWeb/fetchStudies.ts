/** Fetches the CT images that an address stands for: searched by QIDO-RS, retrieved by WADO-RS (PS3.18 sections 10.6 and 10.4). */
import { z } from 'zod';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import { concurrently } from '../../base/concurrently.ts';
import { counted } from '../../base/counted.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { type Problem, warning } from '../cohort/cohort.ts';
import { parseWebAddress, serverFor, type WebAddress } from './address.ts';
import { keepDownload } from './downloads.ts';
import { boundaryOf, partsOf } from './multipart.ts';
import { request, type WebAnswer, type WebClient } from './request.ts';

export interface Fetched {
  /** Paths of the files, in no order that means anything. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/** How patient a client is; tests are less. */
export interface Patience {
  readonly silenceMs: number;
  readonly pauseMs: number;
}

export const PATIENCE: Patience = { silenceMs: 60_000, pauseMs: 500 };

const JSON_TYPE = 'application/dicom+json';
/** Any transfer syntax: as it is stored, so that nothing is compressed again on the way. */
const INSTANCE_TYPE = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const AT_ONCE = 6;
/** Matches asked for at a time; servers may give fewer. */
const PAGE = 1000;
/** More studies than this are asked back: a search without terms would fetch a whole archive. */
const MOST_STUDIES = 200;
const SEARCHED = 0.1;
const TAG = { modality: '00080060', studyUid: '0020000D', seriesUid: '0020000E', instanceUid: '00080018' } as const;

const attribute = z.looseObject({ Value: z.array(z.unknown()).optional() });
const matches = z.array(z.record(z.string(), attribute));
type Match = z.infer<typeof matches>[number];

/** Throws a UserError where the server cannot be used, or holds no such study. */
export async function fetchStudies(
  written: string,
  servers: readonly DicomWebServer[],
  task: Task,
  patience: Patience = PATIENCE,
): Promise<Fetched> {
  const address = parseWebAddress(written);
  const client: WebClient = {
    host: new URL(address.root).host,
    login: serverFor(address.root, servers),
    signal: task.signal,
    ...patience,
  };
  task.progress(0, `asking ${client.host}`);
  const { series, problems } = await findSeries(address, client);
  const found = await concurrently(series, AT_ONCE, task.signal, (one) => search(`${one}/instances`, '', client));
  const instances = found.flatMap((list, n) =>
    uidsOf(list, TAG.instanceUid).map((uid) => `${series[n]}/instances/${uid}`),
  );
  if (instances.length === 0)
    throw new UserError(
      'web-not-found',
      `${client.host} has no CT images there.${problems.map((p) => ` ${p.message}`).join('')} Check the address or the search.`,
    );
  const fetched = await fetchInstances(instances, client, subtask(task, SEARCHED, 1));
  return { files: [...new Set(fetched.files)], problems: [...problems, ...fetched.problems] };
}

/** Addresses of the CT series, and what was passed over. A series without a modality is looked at when it is there. */
async function findSeries(address: WebAddress, client: WebClient): Promise<{ series: string[]; problems: Problem[] }> {
  const { root, study, series } = address;
  if (study !== undefined && series !== undefined)
    return { series: [`${root}/studies/${study}/series/${series}`], problems: [] };
  const studies =
    study === undefined ? uidsOf(await search(`${root}/studies`, address.query, client), TAG.studyUid) : [study];
  if (studies.length > MOST_STUDIES)
    throw new UserError(
      'web-too-many',
      `${client.host} finds ${studies.length} studies; LungNB fetches ${MOST_STUDIES} at the most. Add search terms to the address, such as ?PatientID=7 or ?StudyDate=20240101-20240131.`,
    );
  const lists = await concurrently(studies, AT_ONCE, client.signal, (uid) =>
    search(`${root}/studies/${uid}/series`, '', client),
  );
  const all = lists.flatMap((list, n) => list.map((match) => ({ match, study: studies[n]! })));
  const isCt = ({ match }: { match: Match }) => ['CT', ''].includes(textOf(match, TAG.modality) ?? '');
  const others = all.filter((one) => !isCt(one)).map(({ match }) => textOf(match, TAG.modality));
  return {
    series: all
      .filter(isCt)
      .flatMap(({ match, study: uid }) =>
        uidsOf([match], TAG.seriesUid).map((own) => `${root}/studies/${uid}/series/${own}`),
      ),
    problems: others.length
      ? [
          warning(
            'not-ct',
            `${counted(others.length, 'series', 'series')} of other modalities (${[...new Set(others)].sort().join(', ')}) ${others.length === 1 ? 'was' : 'were'} not fetched from ${client.host}.`,
          ),
        ]
      : [],
  };
}

/** All matches, page by page. A server that knows no pages sends the first again: then it was all. */
async function search(url: string, query: string, client: WebClient): Promise<Match[]> {
  const all = new Map<string, Match>();
  for (let offset = 0; ; offset += PAGE) {
    const terms = new URLSearchParams(query);
    if (!terms.has('limit')) terms.set('limit', String(PAGE));
    if (offset > 0) terms.set('offset', String(offset));
    const answer = await request(client, `${url}?${terms}`, JSON_TYPE, isWholeJson);
    const page = answer.body.length === 0 ? [] : parsed(answer, client);
    const before = all.size;
    for (const match of page)
      all.set(JSON.stringify([TAG.studyUid, TAG.seriesUid, TAG.instanceUid].map((tag) => textOf(match, tag))), match);
    if (page.length < PAGE || all.size === before || new URLSearchParams(query).has('limit')) return [...all.values()];
  }
}

/** An answer that says it is JSON and does not end as JSON does was cut off. */
function isWholeJson({ body, contentType }: WebAnswer): boolean {
  return body.length === 0 || !/json/i.test(contentType) || /\]\s*$/.test(body.toString('latin1', body.length - 16));
}

function parsed({ body, contentType }: WebAnswer, { host }: WebClient): Match[] {
  const isJson = /json/i.test(contentType) && body.toString('utf8').trimStart().startsWith('[');
  const result = isJson ? matches.safeParse(JSON.parse(body.toString('utf8'))) : undefined;
  if (!result?.success)
    throw new UserError(
      'not-dicomweb',
      `${host} answers, but not as a DICOMweb server (${contentType.split(';')[0] || 'no type'}). Check the path: the root often ends with /dicom-web, /dicomweb or /rs.`,
    );
  return result.data;
}

async function fetchInstances(urls: readonly string[], client: WebClient, task: Task): Promise<Fetched> {
  const problems: Problem[] = [];
  let done = 0;
  const files = await concurrently(urls, AT_ONCE, task.signal, async (url) => {
    try {
      const parts = await fetchInstance(url, client);
      return await Promise.all(parts.map(keepDownload));
    } catch (error) {
      task.signal.throwIfAborted();
      // What holds for one image alone costs that image; a login that fails would fail for all.
      if (!(error instanceof UserError) || !['web-failed', 'web-not-found'].includes(error.code)) throw error;
      problems.push(warning('image-not-fetched', `One image could not be fetched: ${error.message}`));
      return [];
    } finally {
      task.progress(++done / urls.length, `fetching images: ${done} of ${urls.length} from ${client.host}`);
    }
  });
  if (problems.length === urls.length) throw new UserError('web-failed', problems[0]!.message);
  return { files: files.flat(), problems };
}

/** The files of one instance: one, as multipart or, from servers that do not bother, bare. */
async function fetchInstance(url: string, client: WebClient): Promise<Buffer[]> {
  const parts = ({ body, contentType }: WebAnswer) => {
    const boundary = boundaryOf(contentType);
    return boundary === undefined ? [body] : partsOf(body, boundary);
  };
  const answer = await request(client, url, INSTANCE_TYPE, (whole) => parts(whole) !== undefined);
  return parts(answer) ?? [];
}

function textOf(match: Match, tag: string): string | undefined {
  const [value] = match[tag]?.Value ?? [];
  return value === undefined || value === null ? undefined : String(value);
}

/** UIDs of matches; what is none is left out, for it becomes part of an address. */
function uidsOf(list: readonly Match[], tag: string): string[] {
  return list.flatMap((match) => {
    const uid = textOf(match, tag);
    return uid !== undefined && /^[0-9.]{1,64}$/.test(uid) ? [uid] : [];
  });
}
