/** The lung contours that come with a real CT, for evaluation: RTSTRUCT (DICOM PS3.3 C.8.8). */
import dcmjs from 'dcmjs';
import { createSourceReader } from '../../src/kernel/ct/files/sources.ts';
import { type Grid, spacingMm } from '../../src/kernel/ct/geometry/volume.ts';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

interface StructureSet {
  readonly StructureSetROISequence: readonly { ROINumber: number; ROIName: string }[];
  readonly ROIContourSequence: readonly {
    ReferencedROINumber: number;
    ContourSequence?: readonly { ContourData: readonly number[] }[];
  }[];
}

/** The union of the structures whose name matches, on a grid with axes along x, y, z: 1 inside a contour (even-odd rule). */
export async function readContours(zip: string, entryEnd: string, name: RegExp, grid: Grid): Promise<Uint8Array> {
  const reader = createSourceReader();
  try {
    const zipEntry = (await reader.zipEntries({ file: zip })).names.find((entry) => entry.endsWith(entryEnd));
    if (!zipEntry) throw new Error(`${zip} has no ${entryEnd}`);
    const bytes = await reader.read({ file: zip, zipEntry });
    const dataset = DicomMessage.readFile(new Uint8Array(bytes).buffer);
    // The evaluation's own, known file: its shape is checked by the sequences being there.
    const set = DicomMetaDictionary.naturalizeDataset(dataset.dict) as unknown as StructureSet;
    const numbers = new Set(
      set.StructureSetROISequence.filter((roi) => name.test(roi.ROIName)).map((roi) => Number(roi.ROINumber)),
    );
    if (numbers.size === 0) throw new Error(`${zip} has no structure named like ${name}`);
    const mask = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
    for (const roi of set.ROIContourSequence)
      if (numbers.has(Number(roi.ReferencedROINumber)))
        for (const contour of roi.ContourSequence ?? []) fillContour(mask, grid, contour.ContourData.map(Number));
    return mask;
  } finally {
    reader.close();
  }
}

/** Toggles the voxels inside one closed planar contour (x, y, z triples in mm). */
function fillContour(mask: Uint8Array, grid: Grid, points: readonly number[]): void {
  const [nx, ny, nz] = grid.size;
  const [dx, dy, dz] = spacingMm(grid);
  const [x0, y0, z0] = [grid.affine[3]!, grid.affine[7]!, grid.affine[11]!];
  const k = Math.round((points[2]! - z0) / dz);
  if (k < 0 || k >= nz) return;
  const count = points.length / 3;
  const at = (n: number): [number, number] => [points[n * 3]!, points[n * 3 + 1]!];
  for (let j = 0; j < ny; j++) {
    const y = y0 + j * dy;
    const crossings: number[] = [];
    for (let n = 0; n < count; n++) {
      const [ax, ay] = at(n);
      const [bx, by] = at((n + 1) % count);
      if (ay > y !== by > y) crossings.push((ax + ((y - ay) / (by - ay)) * (bx - ax) - x0) / dx);
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2)
      for (let i = Math.max(0, Math.ceil(crossings[c]!)); i <= Math.min(nx - 1, Math.floor(crossings[c + 1]!)); i++)
        mask[(k * ny + j) * nx + i]! ^= 1;
  }
}
