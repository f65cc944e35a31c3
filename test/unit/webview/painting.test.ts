/** Painting in a viewer: what is seen at once, what the kernel is asked, and what its answers change. */
import { deflateRawSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import type { EditingState, MaskEditReply, MaskEditRequest } from '../../../src/protocol/painting/editing.ts';
import type { Slice } from '../../../src/webview/viewer/decode.ts';
import { createPainting } from '../../../src/webview/viewer/painting/painting.ts';
import { viewOf } from './viewers.ts';

const STATE: EditingState = {
  layers: {
    lobes: { changedVoxels: 0, changedMl: 0, since: 'lung-lobes 1' },
    textures: { changedVoxels: 3, changedMl: 0.1, since: 'lung-texture 1' },
  },
  canUndo: true,
  canRedo: false,
  isSaved: false,
  isUntouched: false,
  withoutTextureMl: 0,
};
const slice = (): Slice => ({
  plane: 'axial',
  index: 4,
  width: 4,
  height: 1,
  pixelWidthMm: 1,
  pixelHeightMm: 1,
  hu: new Int16Array(4).fill(-800),
  lobes: Uint8Array.of(1, 1, 1, 0),
  zones: undefined,
  textures: Uint8Array.of(1, 1, 1, 0),
});
const packed = (...labels: number[]) => deflateRawSync(Uint8Array.from(labels)).toString('base64');

function paintingOf(answer: (request: MaskEditRequest) => Promise<MaskEditReply>, overlay = true) {
  const asked: MaskEditRequest[] = [];
  const said: string[] = [];
  const painting = createPainting({
    view: viewOf({ overlay }),
    messaging: {
      editMask: (request) => {
        asked.push(request);
        return answer(request);
      },
      useMasks: async () => ({ note: 'Measured.' }),
    },
    say: (note) => said.push(note),
    looked: () => [{ plane: 'axial', index: 4 }],
  })!;
  return { painting, asked, said };
}

it('shows a stroke at once, and then what the kernel made of it', async () => {
  const { painting, asked } = paintingOf(async ({ edit, look }) => ({
    state: STATE,
    labels:
      edit.act === 'stroke'
        ? look.map((at) => ({ ...at, lobes: packed(1, 1, 1, 0), textures: packed(1, 2, 2, 0) }))
        : [],
  }));
  await painting.toggle();
  const shown = slice();
  const stroke = painting.stroke(shown, false);
  painting.change({ radiusMm: 0.5 });
  stroke.add([1.5, 0.5]);
  // What came with the slice is left as it was; the radius is that with which the stroke began.
  expect([...shown.textures!]).toEqual([1, 1, 1, 0]);
  expect([...painting.edited(shown).textures!]).toEqual([2, 2, 2, 0]);
  stroke.end();
  expect(asked.at(-1)).toMatchObject({
    edit: { act: 'stroke', brush: { layer: 'textures', label: 2 }, stroke: { path: [[1.5, 0.5]], radiusMm: 6 } },
    look: [{ plane: 'axial', index: 4 }],
  });
  await vi.waitFor(() => expect([...painting.edited(shown).textures!]).toEqual([1, 2, 2, 0]), { timeout: 20_000 });
  expect(painting.waiting.value).toBe(0);
});

it('puts a stroke back that is given up, and asks nobody', async () => {
  const { painting, asked } = paintingOf(async () => ({ state: STATE, labels: [] }));
  await painting.toggle();
  const stroke = painting.stroke(slice(), true);
  stroke.add([0.5, 0.5]);
  stroke.cancel();
  expect([...painting.edited(slice()).textures!]).toEqual([1, 1, 1, 0]);
  expect(asked.map(({ edit }) => edit.act)).toEqual(['open']);
});

it('says why it cannot begin', async () => {
  const refused = paintingOf(async () => ({ problem: 'Run the cell again.' }));
  await refused.painting.toggle();
  expect([refused.painting.isOn.value, refused.said.at(-1)]).toEqual([false, 'Run the cell again.']);
  const plain = paintingOf(async () => ({ state: STATE, labels: [] }), false);
  await plain.painting.toggle();
  expect(plain.asked).toEqual([]);
  expect(plain.painting.cannot.value).toContain('overlay ai');
});
