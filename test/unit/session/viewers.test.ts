/** What a slice viewer is told where a slice cannot be had. */
import { expect, it } from 'vitest';
import { UserError } from '../../../src/kernel/base/userError.ts';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import { createViewers } from '../../../src/kernel/session/viewers.ts';
import type { MeasurementStore } from '../../../src/kernel/values/measurementStore.ts';
import type { ViewerSource } from '../../../src/kernel/views/viewerSource.ts';

// SAFETY: plain slices ask for no measurements.
const NO_MEASUREMENTS = {} as MeasurementStore;
const REQUEST = { handle: 'h', plane: 'axial', index: 1 } as const;

function viewersOn(slice: () => Promise<never>) {
  // SAFETY: of an image service and a source, a slice asks for no more.
  const viewers = createViewers({ images: { slice } as unknown as ImageService, measurements: NO_MEASUREMENTS });
  viewers.keep('h', { series: { id: 's1' }, grid: { size: [2, 2, 4] } } as unknown as ViewerSource);
  return viewers;
}

it('says what can be done about it, where something can', async () => {
  const { slice } = viewersOn(async () => {
    throw new UserError('ct-changed', 'The files have changed.');
  });
  expect(await slice(REQUEST)).toEqual({ problem: 'The files have changed.' });
  expect(await slice({ ...REQUEST, index: 4 })).toEqual({ problem: 'There is no slice 5; this plane has 4.' });
  expect(await slice({ ...REQUEST, further: [2, 4] })).toEqual({ problem: 'There is no slice 5; this plane has 4.' });
  expect(await slice({ ...REQUEST, handle: 'older' })).toEqual({
    problem: 'Run the cell again to see further slices.',
  });
});

it('knows eight viewers, and gives up the one that was opened first', async () => {
  const viewers = createViewers({ images: {} as ImageService, measurements: NO_MEASUREMENTS });
  // SAFETY: where a slice does not exist, nothing but the size of the grid is asked for.
  const source = { grid: { size: [2, 2, 1] } } as unknown as ViewerSource;
  for (let n = 0; n < 9; n++) viewers.keep(`${n}`, source);
  const said = await Promise.all(['0', '1', '8'].map((handle) => viewers.slice({ ...REQUEST, handle })));
  expect(said).toEqual([
    { problem: 'Run the cell again to see further slices.' },
    { problem: 'There is no slice 2; this plane has 1.' },
    { problem: 'There is no slice 2; this plane has 1.' },
  ]);
});

it('hides no bug', async () => {
  const { slice } = viewersOn(async () => {
    throw new Error('a bug');
  });
  await expect(slice(REQUEST)).rejects.toThrow('a bug');
});

it('goes no further than the first and the last patient', async () => {
  const { neighbour } = viewersOn(async () => {
    throw new Error('none is asked for');
  });
  expect(await neighbour({ handle: 'h', step: 1, plane: 'axial' })).toEqual({ problem: 'This is the last patient.' });
  expect(await neighbour({ handle: 'h', step: -1, plane: 'axial' })).toEqual({ problem: 'This is the first patient.' });
  expect(await neighbour({ handle: 'older', step: 1, plane: 'axial' })).toEqual({
    problem: 'Run the cell again to see further slices.',
  });
});
