/** `show`: the windows of its pictures. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';

it.each([
  ['lung', -1350, 150],
  ['mediastinum', -160, 240],
  ['bone', -500, 1300],
])('shows from black to white in the window %s what its documentation says', async (name, black, white) => {
  const notebook = startSession();
  writeSeries(join(notebook.folder, 'cohort', 'P01'));
  await notebook.shown('load "cohort" as c');
  const [view] = await notebook.shown(`show c "P01" window ${name}`);
  if (view?.type !== 'slices') throw new Error('no slices are shown');
  const { centre, width } = view.window;
  expect([centre - width / 2, centre + width / 2]).toEqual([black, white]);
});
