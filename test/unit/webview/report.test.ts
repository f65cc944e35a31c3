import { type ComponentChildren, isValidElement } from 'preact';
import { expect, it } from 'vitest';
import { Report } from '../../../src/webview/viewer/report.tsx';

function textOf(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(textOf).join('|');
  if (isValidElement(node)) return textOf(node.props.children);
  return typeof node === 'string' ? node : '';
}

it('the report calls lungs without lobes by their names, as tables do', () => {
  const regions = ['total', 'right-lung', 'left-lung', 'RUL'] as const;
  const rows = regions.map((region) => ({ region, volumeMl: 1, percent: {} }));
  const text = textOf(Report({ classes: [], report: { rows }, onJump: undefined }));
  expect(text).toContain('Total');
  expect(text).toContain('Right lung');
  expect(text).toContain('Left lung');
  expect(text).toContain('RUL');
});
