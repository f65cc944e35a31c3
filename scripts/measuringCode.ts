/** Writes the digest of the measuring code's sources into src/kernel/lungs/measuringCode.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { MEASURING_CODE } from '../src/kernel/lungs/measuringCode.ts';
import { MEASURING_CODE_FILE, measuringCode } from './lib/measuringCode.ts';

writeFileSync(
  MEASURING_CODE_FILE,
  readFileSync(MEASURING_CODE_FILE, 'utf8').replace(MEASURING_CODE, await measuringCode()),
);
