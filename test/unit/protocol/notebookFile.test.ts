import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notebook, NotebookOutput } from '../../../src/protocol/notebook.ts';
import { formatNotebook, NotebookFileError, parseNotebook } from '../../../src/protocol/notebookFile.ts';

const anyNotebook: fc.Arbitrary<Notebook> = fc.record({
  lungnb: fc.constant(1),
  cells: fc.array(
    fc
      .record({
        kind: fc.constantFrom('code' as const, 'markup' as const),
        source: fc.array(fc.string({ unit: 'grapheme' }).map((s) => s.replace(/[\r\n]/g, ''))),
        text: fc.option(fc.string()),
      })
      .map(({ kind, source, text }) => {
        const outputs: NotebookOutput[] =
          text === null ? [] : [{ view: { type: 'messages', messages: [{ severity: 'info', text }] }, text }];
        return { kind, source, ...(outputs.length ? { outputs } : {}) };
      }),
  ),
});

describe('the notebook file', () => {
  it('opens the smallest file that a person would write', () => {
    const text = '{"lungnb": 1, "cells": [{"kind": "code", "source": ["load \\"x\\" as y", "describe y"]}]}';
    expect(parseNotebook(text).cells).toEqual([{ kind: 'code', source: ['load "x" as y', 'describe y'] }]);
  });

  it('comes back from text as it went, and its text is stable', () => {
    fc.assert(
      fc.property(anyNotebook, (notebook) => {
        const text = formatNotebook(notebook);
        expect(parseNotebook(text)).toEqual(notebook);
        expect(formatNotebook(parseNotebook(text))).toBe(text);
      }),
    );
  });

  it('puts every source line on a line of its own, so that diffs read well', () => {
    const text = formatNotebook({ lungnb: 1, cells: [{ kind: 'code', source: ['load "x" as y', 'describe y'] }] });
    expect(text.split('\n')).toContain('    "load \\"x\\" as y",');
    expect(text.split('\n')).toContain('    "describe y"');
  });

  it('writes keys in one order, whatever order they came in', () => {
    const a = formatNotebook({ cells: [{ source: ['x'], kind: 'code' }], lungnb: 1 });
    const b = formatNotebook({ lungnb: 1, cells: [{ kind: 'code', source: ['x'] }] });
    expect(a).toBe(b);
  });

  it.each([
    ['{"lungnb": 1, "cells": [{"ki', 'cut short'],
    ['{"lungnb": 2, "cells": []}', 'Update LungNB'],
    ['{"cells": [], "nbformat": 4}', 'not a LungNB notebook'],
    ['[]', 'not a LungNB notebook'],
    ['', 'cut short'],
    ['{"lungnb": 1, "cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> b\n]}', 'merge conflicts'],
  ])('refuses %j and says why', (text, reason) => {
    expect(() => parseNotebook(text)).toThrow(NotebookFileError);
    expect(() => parseNotebook(text)).toThrow(reason);
  });

  it.each([
    ['{"lungnb": 1, "cells": [{"kind": "code", "source": "load"}]}', 'in cell 1: "source" must be a list of lines'],
    ['{"lungnb": 1, "cells": [{"kind": "code", "source": [3]}]}', 'in cell 1: each line of "source" must be text'],
    ['{"lungnb": 1, "cells": [{"kind": "cod", "source": []}]}', 'in cell 1: "kind" must be "code" or "markup"'],
    ['{"lungnb": 1}', '"cells" must be a list of cells'],
    ['{"lungnb": 0, "cells": []}', '"lungnb" must be 1 or more'],
  ])('says what is wrong in %s, and where', (text, message) => {
    expect(() => parseNotebook(text)).toThrow(`This notebook is damaged: ${message}`);
  });
});
