import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { VIEW_KINDS } from '../../../src/protocol/views/index.ts';
import { startSession } from '../../harness/session.ts';

it('tries', async () => {
  const nb = startSession({ notebookFolder: join(import.meta.dirname, '../../../samples') });
  for (const [n, cell] of readFileSync('/tmp/clinic/cells.txt', 'utf8').split('\n---\n').entries()) {
    const r = await nb.run(cell, String(n));
    console.log('>>>', cell, r.status, r.problem?.message ?? '');
    for (const v of nb.views) {
      if (v.type === 'table') {
        console.log(v.title);
        console.log(v.columns.map((c) => c.label).join(' | '));
        for (const row of v.rows.slice(0, 14))
          console.log(row.map((x) => (typeof x === 'number' ? +x.toPrecision(4) : x)).join(' | '));
        console.log(v.notes.join('\n'));
        console.log(v.messages);
      } else if (v.type === 'figure') console.log(v.title, '\n', v.description, '\n', v.notes.join('\n'));
      else console.log(JSON.stringify(v).slice(0, 800));
    }
  }
});
