import { expect, it } from 'vitest';
import { Prose } from '../../../src/webview/prose.tsx';

it('sets what stands between backticks as code', () => {
  const parts = (Prose({ text: 'Write `load` first, then `agree`.' }).props as { children: unknown[] }).children;
  const texts = parts.map((part) =>
    typeof part === 'string' ? part : (part as { props: { children: string } }).props,
  );
  expect(texts).toEqual(['Write ', { children: 'load' }, ' first, then ', { children: 'agree' }, '.']);
});
