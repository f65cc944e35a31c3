/** Names of mask files and their folders, which any file system takes: `P01/lobes.nii.gz`. */
import { createHash } from 'node:crypto';

/** What no name may have on Windows (nor `/` anywhere), and the percent sign that stands for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away.
const FORBIDDEN = /[<>:"/\\|?*%\u0000-\u001f\u007f]/gu;
/** Names that Windows keeps for devices, whatever ending they have. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;
/** File systems take 255 bytes; some that encrypt names 143, and endings need some. */
const MOST_BYTES = 120;
const EMPTY = '%00';

/**
 * A folder's or file's name for a label: the label itself, but for what some file system does not take, which is written
 * as `%2F`. A long one is cut, and ends with a digest of the whole.
 */
export function fileNameOf(label: string): string {
  const escaped = label
    .normalize('NFC')
    .replace(FORBIDDEN, percentOf)
    // Windows drops dots and blanks at the end, and shells hide names that begin with a dot.
    .replace(/^[. ]|[. ]$/g, percentOf)
    .replace(DEVICES, (name) => percentOf(name[0]!) + name.slice(1));
  return escaped === '' ? EMPTY : shortened(escaped, label);
}

function shortened(name: string, label: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const end = `~${createHash('sha256').update(label).digest('hex').slice(0, 12)}`;
  let start = '';
  for (const character of name) {
    if (Buffer.byteLength(start + character) > MOST_BYTES - end.length) break;
    start += character;
  }
  return start + end;
}

/** Names for several labels, which differ also where capitals are not told apart, or accents written in two ways. */
export function fileNamesOf(labels: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const label of new Set(labels)) {
    const own = fileNameOf(label);
    // Its bytes one by one are nobody else's.
    const name = taken.has(own.toLowerCase()) ? shortened(percentOf(label), label) : own;
    taken.add(name.toLowerCase());
    names.set(label, name);
  }
  return names;
}

/** The label that a name stands for; of one that was cut, or is none of ours, the name itself. */
export function labelOfFileName(name: string): string {
  if (name === EMPTY) return '';
  try {
    return decodeURIComponent(name);
  } catch {
    // A percent sign of somebody else's.
    return name;
  }
}

function percentOf(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
