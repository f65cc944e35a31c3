/** The matches of QIDO-RS (PS3.18 section 10.6, in the JSON of annex F): of each, the few texts that are used, so that no answer fills memory. */
import { z } from 'zod';
import { UserError } from '../../base/userError.ts';

export interface Match {
  readonly modality: string | undefined;
  readonly study: string | undefined;
  readonly series: string | undefined;
  readonly instance: string | undefined;
}

const UID = /^[0-9.]{1,64}$/;
const MAX_MODALITY_LENGTH = 16;
const TAG = { modality: '00080060', study: '0020000D', series: '0020000E', instance: '00080018' } as const;

const matches = z.array(z.record(z.string(), z.looseObject({ Value: z.array(z.unknown()).optional() })));
type Attributes = z.infer<typeof matches>[number];

/** Throws a UserError that names the server and says what came, where it is no list of matches. */
export function matchesOf(body: Buffer, contentType: string, host: string): Match[] {
  if (body.length === 0) return [];
  if (!/json/i.test(contentType)) throw notDicomWeb(host, `answers with ${typeInWords(contentType)}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw notDicomWeb(host, 'answers with JSON that is not in UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const what = text.trimStart().startsWith('<') ? 'a web page that says it is JSON' : 'JSON that cannot be read';
    throw notDicomWeb(host, `answers with ${what}`);
  }
  const result = matches.safeParse(value);
  if (!result.success) throw notDicomWeb(host, 'answers with JSON that is no list of matches');
  return result.data.map((match) => ({
    modality: textOf(match, TAG.modality)?.slice(0, MAX_MODALITY_LENGTH),
    study: uidOf(match, TAG.study),
    series: uidOf(match, TAG.series),
    instance: uidOf(match, TAG.instance),
  }));
}

/** The media type alone, as far as it can be one. */
export function typeInWords(contentType: string): string {
  const type = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}/.exec(contentType)?.[0]?.toLowerCase();
  if (type === undefined) return 'something of no type';
  return type === 'text/html' ? 'a web page (text/html), perhaps one to log in' : type;
}

export function notDicomWeb(host: string, what: string): UserError {
  return new UserError(
    'not-dicomweb',
    `${host} ${what}, and not as a DICOMweb server does. Check the path: the root often ends with /dicom-web, /dicomweb or /rs.`,
  );
}

/** What is neither text nor number is left out, however deep it is nested. */
function textOf(match: Attributes, tag: string): string | undefined {
  const [value] = match[tag]?.Value ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** What is no UID is left out, for it becomes part of an address. */
function uidOf(match: Attributes, tag: string): string | undefined {
  const text = textOf(match, tag);
  return text !== undefined && UID.test(text) ? text : undefined;
}
