/** Names of mask files and their folders, which any file system takes: `P01/lobes.nii.gz`. */
import { createHash } from 'node:crypto';

/** What no name may have on Windows (nor `/` anywhere), and the percent sign that stands for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away.
const FORBIDDEN = /[<>:"/\\|?*%\u0000-\u001f\u007f]/gu;
/** Names that Windows keeps for devices, whatever ending they have. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;
/** File systems take 255 bytes; some that encrypt names 143. */
const MOST_BYTES = 120;

/**
 * A folder's or file's name for a label: the label itself, but for what no file system takes, which is written as `%2F`.
 * Those of two labels differ, if in capitals alone; a long one is cut, and ends with a digest of the whole.
 */
export function fileNameOf(label: string): string {
  const escaped = label
    .normalize('NFC')
    .replace(FORBIDDEN, percentOf)
    // Windows drops dots and blanks at the end, and shells hide names that begin with a dot.
    .replace(/^[. ]|[. ]$/g, percentOf)
    .replace(DEVICES, (name) => percentOf(name[0]!) + name.slice(1));
  if (escaped === '') return '%00';
  if (Buffer.byteLength(escaped) <= MOST_BYTES) return escaped;
  const digest = createHash('sha256').update(label.normalize('NFC')).digest('hex').slice(0, 12);
  let cut = '';
  for (const character of escaped) {
    if (Buffer.byteLength(cut + character) > MOST_BYTES - digest.length - 1) break;
    cut += character;
  }
  return `${cut}~${digest}`;
}

/** Names for several labels that differ on file systems that do not tell capitals apart, too. */
export function fileNamesOf(labels: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const label of labels) {
    if (names.has(label)) continue;
    let name = fileNameOf(label);
    for (let n = 0; taken.has(name.toLowerCase()) && n < label.length; n++)
      name = percentOf(label.slice(0, n + 1)) + fileNameOf(label.slice(n + 1));
    taken.add(name.toLowerCase());
    names.set(label, name);
  }
  return names;
}

/** The label that a name stands for; of one that was cut, the name itself. */
export function labelOfFileName(name: string): string {
  try {
    return name === '%00' ? '' : decodeURIComponent(name);
  } catch {
    // Not a name of ours: a percent sign of somebody else's.
    return name;
  }
}

function percentOf(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
