/** How folders and files name patients. */
import { VOLUME_ENDINGS } from '../formats/formats.ts';

const FORMAT_ENDING = new RegExp(`\\.(zip|tgz|tar|dcm|${VOLUME_ENDINGS})?(\\.gz)?$`, 'i');

/** A folder's or file's name without the endings that say its format. */
export function labelOf(name: string): string {
  return name.replace(FORMAT_ENDING, '') || name;
}
