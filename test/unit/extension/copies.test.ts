import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropCopy, findCutShort, keepCopy, restore } from '../../../src/extension/saving/copies.ts';

const WHOLE = '{"lungnb": 1, "cells": []}';
let folder: string;
let kept: string;
let notebook: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-copies-'));
  kept = join(folder, 'kept');
  notebook = join(folder, 'n.lungnb');
  writeFileSync(notebook, WHOLE);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the copy of a notebook that is being saved', () => {
  it('goes once the notebook is saved', async () => {
    await keepCopy(kept, notebook);
    expect(readdirSync(kept)).toHaveLength(2);
    await dropCopy(kept, notebook);
    expect(readdirSync(kept)).toEqual([]);
  });

  it('is for its owner alone', async () => {
    await keepCopy(kept, notebook);
    for (const name of readdirSync(kept))
      if (process.platform !== 'win32') expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"lungnb": 1, "cells": [{"kind": "co'])('brings back a notebook that was cut to %j', async (cut) => {
    await keepCopy(kept, notebook);
    writeFileSync(notebook, cut);
    // As where the next save fails, too.
    await keepCopy(kept, notebook);
    const found = await findCutShort(kept);
    expect(found.map(({ text }) => text)).toEqual([WHOLE]);
    await restore(kept, found[0]!);
    expect([readFileSync(notebook, 'utf8'), readdirSync(kept), readdirSync(folder).sort()]).toEqual([
      WHOLE,
      [],
      ['kept', 'n.lungnb'],
    ]);
  });

  it('goes where the notebook turns out whole, or is gone', async () => {
    await keepCopy(kept, notebook);
    writeFileSync(notebook, '{"lungnb": 1, "cells": [{"kind": "code", "source": []}]}');
    expect([await findCutShort(kept), readdirSync(kept)]).toEqual([[], []]);
    await keepCopy(kept, notebook);
    rmSync(notebook);
    expect([await findCutShort(kept), readdirSync(kept)]).toEqual([[], []]);
  });
});
