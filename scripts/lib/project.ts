/** Where things are in the project. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const SAMPLES = join(PROJECT, 'samples');
export const QUICKSTART = join(SAMPLES, 'quickstart.lungnb');
/** The command line as built. */
export const CLI = join(PROJECT, 'out', 'kernel', 'cli.js');
/** Measured CTs of `npm start` and the tests: each CT is measured once. */
export const MEASUREMENT_CACHE = join(PROJECT, '.cache', 'measurements');
