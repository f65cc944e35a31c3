/** The formats of volume files that LungNB reads. */
import { metaImage } from './metaImage.ts';
import { nifti } from './nifti.ts';
import { nrrd } from './nrrd.ts';
import type { VolumeFormat } from './volumeFormat.ts';

const FORMATS = { nifti, nrrd, metaimage: metaImage } as const satisfies Readonly<Record<string, VolumeFormat>>;

export type VolumeFormatId = keyof typeof FORMATS;

export const formatOf = (id: VolumeFormatId): VolumeFormat => FORMATS[id];

/** In the order in which they are told. */
export const VOLUME_FORMATS: readonly VolumeFormat[] = Object.values(FORMATS);

export const VOLUME_FORMAT_NAMES: readonly string[] = VOLUME_FORMATS.map(({ name }) => name);

/** The endings of all formats, for regular expressions. */
export const VOLUME_ENDINGS = VOLUME_FORMATS.flatMap(({ endings }) => endings).join('|');

/** The format of a file that begins with these bytes, unpacked; undefined where it is none of a volume. */
export function volumeFormatOf(start: Buffer): VolumeFormatId | undefined {
  // SAFETY: the keys of FORMATS are the ids, and Object.keys forgets it.
  return (Object.keys(FORMATS) as VolumeFormatId[]).find((id) => FORMATS[id].begins(start));
}
