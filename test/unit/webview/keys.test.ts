/** What keys do in the viewer, wherever in it the focus is. */
import { expect, it } from 'vitest';
import { bindingOf } from '../../../src/webview/viewer/keys.ts';
import { messagingOf, viewerOf, viewOf } from './viewers.ts';

it('Escape hides the list of keys, and is left to VS Code where there is nothing to give up', () => {
  const viewer = viewerOf(viewOf(), messagingOf());
  const key = { key: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const press = (name: string) => bindingOf({ ...key, key: name })?.run(viewer);
  press('?');
  expect(viewer.isHelpOpen.peek()).toBe(true);
  expect(press('Escape')).toBe(true);
  expect(viewer.isHelpOpen.peek()).toBe(false);
  expect(press('Escape')).toBe(false);
  viewer.dispose();
});
