/** `npm start`: see startNotebook.ts. */
import { runWithProjectNode } from './bootstrap.mjs';

await runWithProjectNode('startNotebook.ts');
