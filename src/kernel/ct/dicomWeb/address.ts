/** Addresses of DICOMweb resources (PS3.18 sections 8 and 10): which studies and series a URL in a notebook stands for. */
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import { UserError } from '../../base/userError.ts';
import { holdsLogin } from './loginInAddress.ts';

export interface WebAddress {
  /** The service's root, without a final slash. */
  readonly root: string;
  readonly study: string | undefined;
  readonly series: string | undefined;
  /** Search terms of QIDO-RS for studies, as written, with their question mark; or nothing. */
  readonly query: string;
}

/** How to give a login, for messages. */
export const HOW_TO_LOG_IN =
  'Give the login outside the notebook: in VS Code in the setting lungnb.dicomWebServers, on the command line in the environment variables LUNGNB_DICOMWEB_URL (the server it is for) and LUNGNB_DICOMWEB_TOKEN, or LUNGNB_DICOMWEB_USER and LUNGNB_DICOMWEB_PASSWORD.';

const UID = /^[0-9.]{1,64}$/;

/** True where a text is meant as an address on the web, and not as a path. */
export function isWebAddress(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]+:\/\/|https?:)/i.test(text);
}

/** Throws a UserError where the address is none of DICOMweb, or carries a login. */
export function parseWebAddress(text: string): WebAddress {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UserError(
      'web-address',
      'The address cannot be used: LungNB loads from http and https alone, as in "https://server/dicom-web/studies/1.2.3".',
    );
  if (holdsLogin(url))
    throw new UserError(
      'login-in-address',
      `The address holds a login (a user, a password, a key, a token or a signature), which would be shared with the notebook; it was not used. ${HOW_TO_LOG_IN}`,
    );
  const parts = url.pathname.split('/').filter(Boolean);
  const at = parts.indexOf('studies');
  const [, study, seriesWord, series, ...rest] = at === -1 ? [] : parts.slice(at);
  const isSeries = seriesWord === 'series' && series !== undefined;
  const valid =
    (study === undefined || UID.test(study)) &&
    (seriesWord === undefined || (isSeries && UID.test(series))) &&
    rest.length === 0 &&
    (study === undefined || url.search === '');
  if (!valid)
    throw new UserError(
      'web-address',
      'The address names no studies or series of DICOMweb. Write the server’s root with a search ("https://server/dicom-web/?PatientID=7"), a study ("…/studies/<uid>") or a series ("…/studies/<uid>/series/<uid>").',
    );
  const root = `${url.origin}/${parts.slice(0, at === -1 ? undefined : at).join('/')}`.replace(/\/$/, '');
  return { root, study, series, query: url.search };
}

/** The login for an address: that of the server whose root the address begins with; the longest where several do. */
export function serverFor(root: string, servers: readonly DicomWebServer[]): DicomWebServer | undefined {
  return servers
    .map((server) => ({ server, own: URL.parse(server.url)?.href.replace(/\/+$/, '') }))
    .filter(({ own }) => own !== undefined && (root === own || root.startsWith(`${own}/`)))
    .sort((a, b) => b.own!.length - a.own!.length)[0]?.server;
}

/** The server that the environment variables name, or none. */
export function serversFromEnvironment(environment: Readonly<Record<string, string | undefined>>): DicomWebServer[] {
  const url = environment.LUNGNB_DICOMWEB_URL;
  if (!url) return [];
  return [
    {
      url,
      user: environment.LUNGNB_DICOMWEB_USER,
      password: environment.LUNGNB_DICOMWEB_PASSWORD,
      token: environment.LUNGNB_DICOMWEB_TOKEN,
    },
  ];
}
