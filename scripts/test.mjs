/** `npm test`: see runTests.ts. */
import { runWithProjectNode } from './bootstrap.mjs';

await runWithProjectNode('runTests.ts');
