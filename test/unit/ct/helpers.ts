/** Small DICOM series for the loader's tests, written by the sample cohort's own writer and changed where a test needs it. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import dcmjs from 'dcmjs';
import { writeDicomSeries } from '../../../samples/phantom/dicom.ts';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';

const { DicomMessage, DicomDict, DicomMetaDictionary } = dcmjs.data;

export const SPACING = [0.7, 0.8, 2.5] as const;
export const ORIGIN = [-10, -20, 100] as const;

/**
 * A volume in which every voxel has another value, so that no flip or swap goes unseen. Each slice has air and more, as
 * in a chest, and values rise evenly from slice to slice.
 */
export function asymmetricVolume(nx = 7, ny = 6, nz = 24): Volume {
  const perSlice = nx * ny;
  const hu = Int16Array.from(
    { length: perSlice * nz },
    (_, n) => -1000 + (n % perSlice) * nz + Math.floor(n / perSlice),
  );
  return { size: [nx, ny, nz], affine: axisAlignedAffine([...SPACING], [...ORIGIN]), hu };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lungnb-ct-'));
}

export function writeSeries(folder: string, volume: Volume = asymmetricVolume(), patientId = 'ID-1'): string[] {
  writeDicomSeries(folder, volume, {
    patientId,
    manufacturer: 'Test',
    convolutionKernel: 'B60',
    sliceThicknessMm: SPACING[2],
  });
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

type Tags = Record<string, { vr: string; Value?: unknown[] }>;

/** Rewrites a file's data set in place. */
export function change(file: string, edit: (tags: Tags) => void): void {
  const bytes = readFileSync(file);
  const parsed = DicomMessage.readFile(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  );
  edit(parsed.dict as Tags);
  const written = new DicomDict(parsed.meta);
  written.dict = parsed.dict;
  writeFileSync(file, Buffer.from(written.write()));
}

export const TAG = {
  imageType: '00080008',
  modality: '00080060',
  patientPosition: '00185100',
  patientId: '00100020',
  seriesUid: '0020000E',
  position: '00200032',
  orientation: '00200037',
  intercept: '00281052',
  slope: '00281053',
  padding: '00280120',
} as const;

/** An enhanced file with the given slices as its frames, from whose functional groups `leaveOut` takes sequences. */
export function multiFrameFile(files: readonly string[], leaveOut: readonly string[] = []): Buffer {
  const slices = files.map((file) => {
    const bytes = readFileSync(file);
    return DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
  });
  const tags = slices.map(({ dict }) => DicomMetaDictionary.naturalizeDataset(dict));
  const pixels = Buffer.concat(tags.map(({ PixelData }) => Buffer.from([PixelData].flat()[0] as ArrayBuffer)));
  const groups = tags.map(({ ImagePositionPatient, RescaleIntercept }) =>
    Object.fromEntries(
      Object.entries({
        PlanePositionSequence: [{ ImagePositionPatient }],
        PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept }],
      }).filter(([name]) => !leaveOut.includes(name)),
    ),
  );
  const { ImagePositionPatient: _, ImageOrientationPatient, PixelSpacing, SliceThickness, ...rest } = tags[0]!;
  const written = new DicomDict(slices[0]!.meta);
  written.dict = DicomMetaDictionary.denaturalizeDataset({
    ...rest,
    NumberOfFrames: files.length,
    PixelData: [pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + pixels.length)],
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
      },
    ],
    PerFrameFunctionalGroupsSequence: groups,
    _vrMap: { PixelData: 'OW' },
  });
  return Buffer.from(written.write());
}

/** A NIfTI-1 file whose axes run to the right and front as its standard has them, with the given sform code (0: unknown). */
export function niftiFile({ size, affine, hu }: Volume, sformCode: number): Buffer {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  for (const [n, dimension] of [3, ...size, 1, 1, 1, 1].entries()) header.writeInt16LE(dimension, 40 + 2 * n);
  header.writeInt16LE(4, 70);
  header.writeInt16LE(16, 72);
  for (const [n, spacing] of [1, affine[0]!, affine[5]!, affine[10]!].entries())
    header.writeFloatLE(spacing, 76 + 4 * n);
  header.writeFloatLE(352, 108);
  header.writeInt16LE(sformCode, 254);
  for (let n = 0; n < 12; n++) header.writeFloatLE(n < 8 ? -affine[n]! : affine[n]!, 280 + 4 * n);
  header.write('n+1\0', 344, 'latin1');
  return Buffer.concat([header, Buffer.from(hu.buffer)]);
}

/** A zip file of the given files, called by their paths from `root` or by their names, compressed as usual (PKWARE APPNOTE 4.3). */
export function writeZip(zip: string, files: readonly string[], root?: string): void {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const data = readFileSync(file);
    const packed = deflateRawSync(data);
    const name = Buffer.from(root ? relative(root, file) : basename(file));
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed]);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 0, 'latin1');
    entry.writeUInt16LE(20, 4);
    fields.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    parts.push(local);
    directory.push(Buffer.concat([entry, name]));
    offset += local.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  writeFileSync(zip, Buffer.concat([...parts, ...directory, end]));
}
