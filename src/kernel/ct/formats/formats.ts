/** The formats of volume files that LungNB reads. */
import { metaImage } from './metaImage.ts';
import { nifti } from './nifti.ts';
import { nrrd } from './nrrd.ts';
import type { VolumeFormat } from './volumeFormat.ts';

const FORMATS = { nifti, nrrd, metaimage: metaImage } as const satisfies Readonly<Record<string, VolumeFormat>>;

export type VolumeFormatId = keyof typeof FORMATS;

export const formatOf = (id: VolumeFormatId): VolumeFormat => FORMATS[id];

/** "NIfTI, NRRD", and the last one with `or` or `and`. */
export function formatsInWords(word: 'or' | 'and'): string {
  const names = Object.values(FORMATS).map(({ name }) => name);
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** The endings of all formats, for regular expressions. */
export const VOLUME_ENDINGS = Object.values(FORMATS)
  .flatMap(({ endings }) => endings)
  .join('|');

/** The format of a file that begins with these bytes, unpacked; undefined where it is none of a volume. */
export function volumeFormatOf(start: Buffer): VolumeFormatId | undefined {
  // SAFETY: the keys of FORMATS are the ids, and Object.keys forgets it.
  return (Object.keys(FORMATS) as VolumeFormatId[]).find((id) => FORMATS[id].begins(start));
}
