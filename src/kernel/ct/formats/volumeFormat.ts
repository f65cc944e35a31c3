/** What a format of volume files is. A new one is a file of its own and a line in `formats.ts`. */
import type { VolumeHeader } from './volumeHeader.ts';

export interface VolumeFormat {
  /** As messages write it. */
  readonly name: string;
  /** Endings of its files, without points; each may be followed by `.gz`. */
  readonly endings: readonly string[];
  /** The same for the manual, where some of them belong together. */
  readonly files: string;
  /** Where a header says nothing of its axes, as somebody who knows the format finds it there. */
  readonly unoriented: string;
  /** Whether a file that begins with these bytes, unpacked, is of the format. */
  begins(start: Buffer): boolean;
  /**
   * The header that `start` begins with; undefined where it goes on beyond `start`. `name` is for messages; `file` is the
   * name of the header's file, where its voxels lie in another that shares it. Throws a UserError where it makes no sense.
   */
  parse(start: Buffer, name: string, file: string): VolumeHeader | undefined;
}
