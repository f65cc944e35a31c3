/** What a slice viewer is told where a slice cannot be had. */
import { expect, it } from 'vitest';
import { UserError } from '../../../src/kernel/base/userError.ts';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import { createViewers } from '../../../src/kernel/session/viewers.ts';
import type { ViewerSource } from '../../../src/kernel/views/viewerSource.ts';

const REQUEST = { handle: 'h', plane: 'axial', index: 1 } as const;

function viewersOn(slice: () => Promise<never>) {
  // SAFETY: of an image service and a source, a slice asks for no more.
  const viewers = createViewers({ slice } as unknown as ImageService);
  viewers.keep('h', { series: { id: 's1' }, grid: { size: [2, 2, 4] } } as unknown as ViewerSource);
  return viewers;
}

it('says what can be done about it, where something can', async () => {
  const { slice } = viewersOn(async () => {
    throw new UserError('ct-changed', 'The files have changed.');
  });
  expect(await slice(REQUEST)).toEqual({ problem: 'The files have changed.' });
  expect(await slice({ ...REQUEST, index: 4 })).toEqual({ problem: 'There is no slice 5; this plane has 4.' });
  expect(await slice({ ...REQUEST, handle: 'older' })).toEqual({
    problem: 'Run the cell again to see further slices.',
  });
});

it('hides no bug', async () => {
  const { slice } = viewersOn(async () => {
    throw new Error('a bug');
  });
  await expect(slice(REQUEST)).rejects.toThrow('a bug');
});
