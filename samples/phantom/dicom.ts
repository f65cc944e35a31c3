/** Writes a drawn chest as a DICOM CT series: one file per axial slice, explicit little endian (PS3.3 A.3, PS3.5, PS3.10). */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import type { Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { boxOf } from './grid.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const RESCALE_INTERCEPT = -1024;

export interface SeriesTags {
  readonly patientId: string;
  readonly manufacturer: string;
  readonly convolutionKernel: string;
  readonly sliceThicknessMm: number;
}

export function writeDicomSeries(folder: string, volume: Volume, tags: SeriesTags): void {
  mkdirSync(folder, { recursive: true });
  const { spacing, origin } = boxOf(volume);
  const [columns, rows, slices] = volume.size;
  const uid = (part: string) => uidOf(`${tags.patientId}/${part}`);
  for (let k = 0; k < slices; k++) {
    const z = origin[2] + k * spacing[2];
    const sop = uid(`slice-${k}`);
    const slice = volume.hu.subarray(k * columns * rows, (k + 1) * columns * rows);
    const stored = Uint16Array.from(slice, (hu) => hu - RESCALE_INTERCEPT);
    const dataset = {
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      SOPClassUID: CT_IMAGE_STORAGE,
      SOPInstanceUID: sop,
      StudyDate: '20260101',
      SeriesDate: '20260101',
      AcquisitionDate: '20260101',
      ContentDate: '20260101',
      StudyTime: '120000',
      ContentTime: '120000',
      AccessionNumber: '',
      Modality: 'CT',
      Manufacturer: tags.manufacturer,
      ManufacturerModelName: 'Phantom generator',
      ReferringPhysicianName: '',
      StudyDescription: 'Drawn chest',
      SeriesDescription: `Lung ${tags.sliceThicknessMm} mm ${tags.convolutionKernel}`,
      PatientName: tags.patientId,
      PatientID: tags.patientId,
      PatientBirthDate: '',
      PatientSex: '',
      KVP: '120',
      SliceThickness: String(tags.sliceThicknessMm),
      ConvolutionKernel: tags.convolutionKernel,
      PatientPosition: 'HFS',
      StudyInstanceUID: uid('study'),
      SeriesInstanceUID: uid('series'),
      StudyID: '1',
      SeriesNumber: '1',
      AcquisitionNumber: '1',
      InstanceNumber: String(slices - k),
      ImagePositionPatient: [origin[0], origin[1], z].map(decimal),
      ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
      FrameOfReferenceUID: uid('frame'),
      PositionReferenceIndicator: '',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: rows,
      Columns: columns,
      PixelSpacing: [decimal(spacing[1]), decimal(spacing[0])],
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      WindowCenter: '-600',
      WindowWidth: '1500',
      RescaleIntercept: String(RESCALE_INTERCEPT),
      RescaleSlope: '1',
      RescaleType: 'HU',
      PixelData: [stored.buffer],
      _vrMap: { PixelData: 'OW' },
    };
    const meta = {
      '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
      '00020002': { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
      '00020003': { vr: 'UI', Value: [sop] },
      '00020010': { vr: 'UI', Value: [EXPLICIT_LITTLE_ENDIAN] },
      '00020012': { vr: 'UI', Value: [uidOf('lungnb')] },
      '00020013': { vr: 'SH', Value: ['LUNGNB_1'] },
    };
    const file = new DicomDict(meta);
    file.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
    writeFileSync(join(folder, `slice-${String(k + 1).padStart(3, '0')}.dcm`), Buffer.from(file.write()));
  }
}

/** A decimal string of at most 16 characters (VR DS). */
function decimal(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** A UID under 2.25 (PS3.5 B.2), always the same for the same name. */
function uidOf(name: string): string {
  return `2.25.${BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 32)}`)}`;
}
