/** DICOMDIRs as long as those of a hospital's export. */
import { writeFileSync } from 'node:fs';
import dcmjs from 'dcmjs';

/** A DICOMDIR that lists so many images; of 100 000 it takes dcmjs seconds to read. */
export function writeDicomDirectory(file: string, images: number): void {
  const { DicomDict } = dcmjs.data;
  const text = (vr: string, value: string) => ({ vr, Value: [value] });
  const meta = new DicomDict({
    '00020002': text('UI', '1.2.840.10008.1.3.10'),
    '00020010': text('UI', '1.2.840.10008.1.2.1'),
  });
  meta.dict = {};
  const element = (group: number, number: number, vr: string, value: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(number, 2);
    head.write(vr, 4);
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, value]);
  };
  const [kind, name] = [
    element(0x0004, 0x1430, 'CS', Buffer.from('IMAGE ')),
    element(0x0004, 0x1500, 'CS', Buffer.from('A\\00000000')),
  ];
  const item = Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0, kind.length + name.length, 0, 0, 0]), kind, name]);
  const content = Buffer.alloc(images * item.length);
  for (let n = 0; n < images; n++) {
    item.write(String(n).padStart(8, '0'), item.length - 8);
    item.copy(content, n * item.length);
  }
  const sequence = Buffer.from([0x04, 0x00, 0x20, 0x12, 0x53, 0x51, 0, 0, 0, 0, 0, 0]);
  sequence.writeUInt32LE(content.length, 8);
  writeFileSync(file, Buffer.concat([Buffer.from(meta.write()), sequence, content]));
}

export interface DirectoryRecord {
  /** Parts of a path, from the disc's folder. */
  readonly path: readonly string[];
  readonly sopInstanceUid?: string;
}

/** A small DICOMDIR, whose records may name their patient in character sets of their own. */
export function dicomDirectory(records: readonly DirectoryRecord[], characterSets: readonly string[] = []): Buffer {
  const { DicomDict } = dcmjs.data;
  const text = (vr: string, ...Value: string[]) => ({ vr, Value });
  const written = new DicomDict({
    '00020002': text('UI', '1.2.840.10008.1.3.10'),
    '00020010': text('UI', '1.2.840.10008.1.2.1'),
  });
  written.dict = {
    '00041220': {
      vr: 'SQ',
      Value: records.map(({ path, sopInstanceUid }) => ({
        '00041430': text('CS', 'IMAGE'),
        '00041500': text('CS', ...path),
        ...(sopInstanceUid && { '00041511': text('UI', sopInstanceUid) }),
        ...(characterSets.length && { '00080005': text('CS', ...characterSets) }),
      })),
    },
  };
  return Buffer.from(written.write());
}
