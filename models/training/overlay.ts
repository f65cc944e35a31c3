/** Pictures of a segmentation for the eye: three axial slices and one coronal with the labels in colour, as PNG (ISO/IEC 15948). */
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { spacingMm, type Volume } from '../../src/kernel/ct/volume.ts';

/** Okabe and Ito's colours, one per label from 1. */
const COLOURS = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
] as const;

/** Axial slices at 25, 45 and 65 % of the height from the feet, and the middle coronal plane, side by side. */
export function writeOverlay(file: string, volume: Volume, labels: Uint8Array): void {
  const [nx, ny, nz] = volume.size;
  const [dx, , dz] = spacingMm(volume);
  const coronalRows = Math.round((nz * dz) / dx);
  const height = Math.max(ny, coronalRows);
  const width = nx * 4;
  const pixels = new Uint8Array(width * height * 3);
  const put = (x: number, y: number, index: number) => {
    const grey = Math.min(255, Math.max(0, (volume.hu[index]! + 1350) / 6));
    const colour = COLOURS[labels[index]! - 1];
    for (let c = 0; c < 3; c++)
      pixels[(y * width + x) * 3 + c] = Math.round(colour ? grey * 0.55 + colour[c]! * 0.45 : grey);
  };
  for (const [column, share] of [0.25, 0.45, 0.65].entries()) {
    const k = Math.floor(share * (nz - 1));
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) put(column * nx + i, j, (k * ny + j) * nx + i);
  }
  for (let row = 0; row < coronalRows; row++) {
    const k = nz - 1 - Math.min(nz - 1, Math.floor((row * dx) / dz));
    for (let i = 0; i < nx; i++) put(3 * nx + i, row, (k * ny + (ny >> 1)) * nx + i);
  }
  writeFileSync(file, encodePng(width, height, pixels));
}

/** An 8-bit RGB image as PNG. */
function encodePng(width: number, height: number, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
