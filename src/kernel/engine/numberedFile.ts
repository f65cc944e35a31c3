/** Files by number, a thousand in a folder: a folder of 100 000 is listed again and again by whoever writes into it. */
import { join } from 'node:path';

export const FILES_IN_FOLDER = 1000;

/** `folder/12/12345.json` */
export function numberedFile(folder: string, number: number): string {
  return join(folder, String(Math.floor(number / FILES_IN_FOLDER)), `${number}.json`);
}
