import type { Source } from '../cohort/cohort.ts';

/** One text for each file, however it is read. */
export function sourceKey({ file, zipEntry }: Source): string {
  return zipEntry === undefined ? file : `${file}\n${zipEntry}`;
}
