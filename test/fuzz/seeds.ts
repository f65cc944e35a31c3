/** The files that are mutated: small ones of every format and syntax that the loader reads. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import dcmjsCodecs from 'dcmjs-codecs';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { loadCodecs } from '../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { dicomDirectory } from '../unit/ct/dicomDirectories.ts';
import {
  asymmetricVolume,
  multiFrameFile,
  niftiFile,
  temporaryFolder,
  writeSeries,
  writeZip,
} from '../unit/ct/helpers.ts';

/** A load that works: its files by name, of which one at a time is mutated. */
export interface Seed {
  readonly name: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

export async function seeds(): Promise<Seed[]> {
  const volume = asymmetricVolume(7, 6, 12);
  const folder = temporaryFolder();
  const series = writeSeries(folder, volume);
  const dicom = filesOf(folder);
  mkdirSync(join(folder, 'zip'));
  const zip = join(folder, 'zip', 'chest.zip');
  writeZip(zip, series);
  create({ file: join(folder, 'zip', 'chest.tar'), cwd: folder, sync: true }, Object.keys(dicom));
  const tar = readFileSync(join(folder, 'zip', 'chest.tar'));
  const nifti = niftiFile(volume, 1);
  const raw = Buffer.from(volume.hu.buffer);
  await loadCodecs();
  return [
    { name: 'dicom', files: dicom },
    {
      name: 'deflated',
      files: Object.fromEntries(Object.entries(dicom).map(([name, bytes]) => [name, deflated(bytes)])),
    },
    ...Object.entries(SYNTAXES).map(([name, syntax]) => ({ name, files: transcoded(dicom, syntax) })),
    { name: 'nrrd', files: { 'chest.nrrd': Buffer.concat([Buffer.from(nrrdHeader('raw')), raw]) } },
    { name: 'nrrd.gz', files: { 'chest.nrrd': Buffer.concat([Buffer.from(nrrdHeader('gzip')), gzipSync(raw)]) } },
    {
      name: 'nhdr',
      files: { 'chest.nhdr': Buffer.from(`${nrrdHeader('raw').trimEnd()}\ndata file: chest.raw\n`), 'chest.raw': raw },
    },
    {
      name: 'mhd',
      files: { 'chest.mhd': Buffer.from(METAIMAGE_HEADER.replace('LOCAL', 'chest.raw')), 'chest.raw': raw },
    },
    { name: 'multi-frame', files: { 'chest.dcm': multiFrameFile(series) } },
    { name: 'mha', files: { 'chest.mha': Buffer.concat([Buffer.from(METAIMAGE_HEADER), raw]) } },
    { name: 'zip', files: { 'chest.zip': readFileSync(zip) } },
    {
      name: 'zip in zip',
      files: { 'outer.zip': Buffer.from(zipSync({ 'chest.zip': new Uint8Array(readFileSync(zip)) })) },
    },
    { name: 'tar', files: { 'chest.tar': tar } },
    { name: 'tar.gz', files: { 'chest.tar.gz': gzipSync(tar) } },
    {
      name: 'disc',
      files: {
        ...dicom,
        DICOMDIR: dicomDirectory(
          Object.keys(dicom).map((name) => ({ path: [name] })),
          ['', 'ISO 2022 IR 87'],
        ),
      },
    },
    { name: 'nifti', files: { 'chest.nii': nifti } },
    { name: 'nifti.gz', files: { 'chest.nii.gz': gzipSync(nifti) } },
  ];
}

const SYNTAXES = {
  implicit: '1.2.840.10008.1.2',
  'big endian': '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.70',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  'jpeg-2000': '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
};

/** The data set of a file in explicit little endian, packed (PS3.5 section A.5), which dcmjs-codecs does not write. */
function deflated(bytes: Buffer): Buffer {
  const [own, packed] = ['1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.1.99'];
  const groupLengthAt = 140;
  const end = groupLengthAt + 4 + bytes.readUInt32LE(groupLengthAt);
  const at = bytes.indexOf(own, 0, 'latin1');
  const meta = Buffer.concat([bytes.subarray(0, at), Buffer.from(packed), bytes.subarray(at + own.length, end)]);
  meta.writeUInt16LE(packed.length, at - 2);
  meta.writeUInt32LE(end + packed.length - own.length - groupLengthAt - 4, groupLengthAt);
  return Buffer.concat([meta, deflateRawSync(bytes.subarray(end))]);
}

function transcoded(files: Readonly<Record<string, Buffer>>, syntax: string): Record<string, Buffer> {
  const pack = (bytes: Buffer) => {
    const transcoder = new dcmjsCodecs.Transcoder(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    transcoder.transcode(syntax);
    return Buffer.from(transcoder.getDicomPart10());
  };
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, pack(bytes)]));
}

function nrrdHeader(encoding: string): string {
  return `NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 7 6 12\nspace directions: (0.7,0,0) (0,0.8,0) (0,0,2.5)\nendian: little\nencoding: ${encoding}\nspace origin: (0,0,0)\n\n`;
}

const METAIMAGE_HEADER =
  'ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 0.7 0.8 2.5\nDimSize = 7 6 12\nElementType = MET_SHORT\nElementDataFile = LOCAL\n';

function filesOf(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
