import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Annotation,
  NO_ANNOTATIONS,
  sliceOf,
  withAnnotation,
  withoutAnnotations,
} from '../../../src/protocol/annotations/annotation.ts';
import type { Notebook, NotebookOutput } from '../../../src/protocol/notebook.ts';
import { formatNotebook, NotebookFileError, parseNotebook } from '../../../src/protocol/notebookFile.ts';
import type { EncodedSlice } from '../../../src/protocol/view.ts';

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

const drawn = (id: string, own: Partial<Annotation> = {}): Annotation => ({
  id,
  patient: 'P01',
  series: 'series-1',
  name: '1',
  shape: 'ruler',
  plane: 'axial',
  index: 40,
  points: [
    [120.5, 98.25],
    [-3, 7],
  ],
  ...own,
});
const SLICE: EncodedSlice = {
  plane: 'axial',
  index: 40,
  width: 512,
  height: 512,
  pixelWidthMm: 0.7,
  pixelHeightMm: 0.7,
  hu: 'AA==',
  lobes: 'AA==',
  textures: 'AA==',
};

describe('what is drawn on the slices of a notebook', () => {
  const cells = [{ kind: 'code', source: ['x'] }] as const;

  it('comes back from the file, with a line for each point, behind the cells', () => {
    const annotations = withAnnotation(NO_ANNOTATIONS, drawn('a'), SLICE);
    const text = formatNotebook({ lungnb: 1, cells, annotations });
    expect(parseNotebook(text)).toEqual({ lungnb: 2, cells, annotations });
    expect(text.split('\n').map((line) => line.trim())).toContain('"120.5 98.25",');
    expect(text.indexOf('"cells"')).toBeLessThan(text.indexOf('"annotations"'));
    expect(formatNotebook(parseNotebook(text))).toBe(text);
  });

  it('keeps its slice once, without labels, as long as something is drawn on it', () => {
    let all = withAnnotation(NO_ANNOTATIONS, drawn('a'), SLICE);
    all = withAnnotation(
      all,
      drawn('b', {
        name: '2',
        points: [
          [1.2345, 2],
          [3, 4],
        ],
      }),
      SLICE,
    );
    expect(all.slices).toEqual([
      { patient: 'P01', series: 'series-1', slice: expect.not.objectContaining({ lobes: 'AA==' }) },
    ]);
    expect(all.drawn[1]!.points[0]).toEqual([1.23, 2]);
    expect(sliceOf(all, drawn('b'))?.hu).toBe('AA==');
    expect(withoutAnnotations(all, ['a']).slices).toHaveLength(1);
    expect(withoutAnnotations(all, ['a', 'b'])).toEqual(NO_ANNOTATIONS);
    // Moved elsewhere, where the slice could not be had.
    expect(withAnnotation(withoutAnnotations(all, ['b']), drawn('a', { index: 41 }))).toMatchObject({ slices: [] });
  });

  it('makes a file that an older LungNB refuses, which would drop it, and reads it from files that did not', () => {
    const annotations = withAnnotation(NO_ANNOTATIONS, drawn('a'), SLICE);
    const text = formatNotebook({ lungnb: 1, cells, annotations });
    expect(JSON.parse(text).lungnb).toBe(2);
    expect(JSON.parse(formatNotebook({ lungnb: 2, cells })).lungnb).toBe(1);
    const before = text.replace('"lungnb": 2', '"lungnb": 1');
    expect(parseNotebook(before)).toEqual({ lungnb: 1, cells, annotations });
  });

  it('leaves no trace in a file when nothing is drawn any more', () => {
    expect(formatNotebook({ lungnb: 1, cells, annotations: NO_ANNOTATIONS })).toBe(
      formatNotebook({ lungnb: 1, cells }),
    );
  });

  it.each([
    [{ shape: 'square' }, 'in drawing 2 of its annotations: "shape" must be "ruler", "circle" or "polygon"'],
    [{ points: ['1 2', '3'] }, 'in drawing 2 of its annotations: each of "points" must be two numbers'],
    [{ points: ['1 2'] }, 'in drawing 2 of its annotations: "points" must hold two points or more'],
    [{ index: -1 }, 'in drawing 2 of its annotations: "index" must be 0 or more'],
  ])('says what is wrong with %j, and where', (wrong, message) => {
    const file = JSON.parse(
      formatNotebook({ lungnb: 1, cells, annotations: { drawn: [drawn('a'), drawn('b')], slices: [] } }),
    );
    Object.assign(file.annotations.drawn[1], wrong);
    expect(() => parseNotebook(JSON.stringify(file))).toThrow(`This notebook is damaged: ${message}`);
  });
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
    ['{"lungnb": 4, "cells": []}', 'Update LungNB'],
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
