/**
 * Headers of a cohort's slices say much the same: of 300 000 of them each text and list is kept once, which saves
 * about a kilobyte of memory for each slice.
 */
import type { DicomHeader } from './dicomFile.ts';

/** Beyond this many values it begins anew: neighbours in a folder are alike, not all of an archive. */
const MOST = 10_000;

/** Each slice has its own, so that there is nothing to share. */
const OWN: readonly string[] = ['sopInstanceUid', 'position', 'stored'] satisfies (keyof DicomHeader)[];

const known = new Map<string, unknown>();

/** The same header, whose texts and lists are those of an equal one that came before. */
export function sharedHeader(header: DicomHeader): DicomHeader {
  const { stored } = header;
  const shared = Object.entries(header).map(([name, value]) => [name, OWN.includes(name) ? value : sharedValue(value)]);
  return {
    // SAFETY: each value is equal to the header's own.
    ...(Object.fromEntries(shared) as DicomHeader),
    stored: stored && { at: stored.at, form: sharedValue(stored.form), rescale: sharedValue(stored.rescale) },
  };
}

function sharedValue<T>(value: T): T {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return value;
  const key = JSON.stringify(value);
  // What JSON has no word for, such as a number that is none, it writes as null.
  if (key.includes('null')) return value;
  const before = known.get(key);
  // SAFETY: what has the same JSON is equal to it: texts, numbers, lists and records of them.
  if (before !== undefined) return before as T;
  if (known.size >= MOST) known.clear();
  known.set(key, value);
  return value;
}
