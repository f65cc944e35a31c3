import { expect, it } from 'vitest';
import { agoInWords } from '../../../src/kernel/session/languageHelp.ts';

it.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 min ago'],
  [59 * 60_000, '59 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [50 * 3_600_000, '2 days ago'],
])('%i ms ago is "%s"', (ms, words) => expect(agoInWords(ms)).toBe(words));
