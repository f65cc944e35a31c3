/** The version of everything that turns a CT into measurements: the first digits of a digest over its sources, so that no result of other code is ever taken from a cache. `node scripts/measuringCode.ts` writes it, and a unit test checks it. */
export const MEASURING_CODE = 'f14d52b002a9';
