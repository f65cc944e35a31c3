import { expect, it } from 'vitest';
import { measuringCode } from '../../../scripts/lib/measuringCode.ts';
import { MEASURING_CODE } from '../../../src/kernel/lungs/measuringCode.ts';

it('the measuring code has its own digest, so that caches of other code are not used (else: node scripts/measuringCode.ts)', async () => {
  expect(MEASURING_CODE).toBe(await measuringCode());
});
