import { expect, it } from 'vitest';
import { TEMPLATES } from '../../../src/extension/templates.ts';
import { checkCells } from '../../../src/kernel/language/checker.ts';
import { formatSource } from '../../../src/kernel/language/format.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

it.each(TEMPLATES)('the template "$label" holds nothing wrong, in the usual layout', ({ cells }) => {
  const code = cells.filter((text) => !text.startsWith('#'));
  const found = checkCells(
    code.map((source, n) => ({ cellId: String(n), source })),
    VERBS,
  );
  expect(found).toEqual([]);
  for (const source of code) expect(formatSource(source, VERBS)).toBe(source);
});
