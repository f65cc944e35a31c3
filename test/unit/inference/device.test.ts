/** Accelerators, as far as a computer without one can tell. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whatLacks } from '../../../src/kernel/inference/device.ts';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';

const MODELS = [join(import.meta.dirname, '../../fixtures/models')];
const found = await findModel(MODELS, 'tiny-lobes', 'lobes');

describe('a device', () => {
  it('is the processor unless another is asked for', async () => {
    expect((await openModel(found, 1)).device).toEqual({ name: 'cpu' });
  });

  it('that is not there leaves the processor, and a reason', async () => {
    const missing = process.platform === 'darwin' ? 'directml' : 'coreml';
    const { device, sessions } = await openModel(found, 1, missing);
    expect(device).toMatchObject({ name: 'cpu', missed: expect.stringContaining('needs') });
    expect(sessions).toHaveLength(1);
  });

  it('is chosen by what ONNX Runtime has, and CUDA by its libraries too', () => {
    expect(whatLacks('coreml', [{ name: 'cpu' }], () => true)).toBe('needs a Mac');
    expect(whatLacks('directml', [{ name: 'cpu' }, { name: 'dml' }], () => false)).toBeUndefined();
    expect(whatLacks('cuda', [{ name: 'cuda' }], () => true)).toBeUndefined();
    expect(whatLacks('cuda', [{ name: 'cuda' }], () => false)).toContain('docs/networks.md');
  });

  it('chosen by itself says nothing of what is not there', async () => {
    const { device } = await openModel(found, 1, 'auto');
    expect(device.missed).toBeUndefined();
  });
});
