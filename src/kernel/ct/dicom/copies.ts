/** Images that are there twice: by their tags, and by their pixels, since programs give different images equal UIDs. */
import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';

const NAMES_SHOWN = 3;
/** So many pairs are looked at, spread over all: a folder that was copied differs in none, another scan in every one. */
const PAIRS_LOOKED_AT = 8;

/** Whether two images have the same pixels; true where one of them cannot be read, which is said when it is measured. */
export type SamePixels = (a: FoundFile, b: FoundFile) => Promise<boolean>;

interface Pair {
  readonly first: FoundFile;
  readonly copy: FoundFile;
}

/** Each image once. `label` names the series in messages. */
export async function withoutCopies(
  files: readonly FoundFile[],
  samePixels: SamePixels,
  label: string,
): Promise<{ files: readonly FoundFile[]; problems: Remark[] }> {
  const pairs = pairsIn(files);
  if (pairs.length === 0) return { files, problems: [] };
  const looked = spread(pairs, PAIRS_LOOKED_AT);
  const same = await Promise.all(looked.map(({ first, copy }) => samePixels(first, copy)));
  // Copies of a scan are copies throughout; where all pairs were looked at, each speaks for itself.
  const all = looked.length === pairs.length ? same : pairs.map(() => same.every(Boolean));
  const copies = pairs.flatMap(({ copy }, n) => (all[n] ? [copy] : []));
  const problems: Remark[] = [];
  const names = namesOfSources(
    copies.map(({ source }) => source),
    NAMES_SHOWN,
  );
  if (copies.length)
    problems.push(
      warning(
        'duplicate-slices',
        `${label}: ${counted(copies.length, 'image is there', 'images are there')} twice; one of each is used (left out: ${names}).`,
      ),
    );
  const others = pairs.length - copies.length;
  if (others)
    problems.push(
      warning(
        'equal-uids',
        `${label}: ${counted(others, 'image has', 'images have')} the SOPInstanceUID and place of another one, and other pixels: different scans were given the same UIDs. They are not taken for copies.`,
      ),
    );
  const left = new Set(copies);
  return { files: files.filter((file) => !left.has(file)), problems };
}

/** Every image that an earlier one is like in all tags that tell images apart. */
function pairsIn(files: readonly FoundFile[]): Pair[] {
  const seen = new Map<string, FoundFile>();
  const pairs: Pair[] = [];
  for (const file of files) {
    const { sopInstanceUid, position, instanceNumber, convolutionKernel, rescale, timing, rows, columns } = file.header;
    if (sopInstanceUid === undefined) continue;
    // Some anonymising programs give all images one UID: then their places and times tell them apart.
    const key = JSON.stringify([
      sopInstanceUid,
      file.source.frame,
      position,
      instanceNumber,
      convolutionKernel,
      rescale,
      timing,
      rows,
      columns,
    ]);
    const first = seen.get(key);
    if (first) pairs.push({ first, copy: file });
    else seen.set(key, file);
  }
  return pairs;
}

function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, n) => items[Math.floor(((n + 0.5) * items.length) / most)]!);
}
