/** What the outputs in VS Code's webview show, read back from their canvases and tables. */
import type { Frame, Locator } from 'playwright-core';
import { TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { CLASS_COLOURS } from '../../src/protocol/segmentColours.ts';

/** A slice as it is on screen. */
export interface ShownSlice {
  readonly plane: string;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row from the top left. */
  readonly pixels: Buffer;
}

export async function readCanvas(canvas: Locator): Promise<ShownSlice> {
  const { base64, ...slice } = await canvas.evaluate((element) => {
    const { width, height, dataset } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    let binary = '';
    for (let start = 0; start < data.length; start += 4096)
      binary += String.fromCharCode(...data.subarray(start, start + 4096));
    return { plane: dataset.plane ?? '', index: Number(dataset.index), width, height, base64: btoa(binary) };
  });
  return { ...slice, pixels: Buffer.from(base64, 'base64') };
}

/** The class whose colour each pixel has; undefined where the overlay is clear. */
export function classesOf({ pixels }: ShownSlice): (TextureClass | undefined)[] {
  return Array.from({ length: pixels.length / 4 }, (_, p) => {
    if (pixels[p * 4 + 3] === 0) return undefined;
    return TEXTURE_CLASSES.find((name) => CLASS_COLOURS[name].every((value, c) => value === pixels[p * 4 + c]));
  });
}

/** The text of a column's cells, from top to bottom. */
export function columnText(table: Locator, column: number): Promise<string[]> {
  return table.locator(`tbody tr td:nth-child(${column})`).allTextContents();
}

export function viewerOf(frame: Frame): Locator {
  return frame.getByTestId('slice-viewer').first();
}
