/** Masks as MetaImage (Kitware's MetaIO), header and packed voxels in one file; it has no place for names but the comment. */
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { spacingMm } from '../../ct/geometry/volume.ts';
import { type Mask, makerInWords } from '../mask.ts';

const pack = promisify(deflate);

/** A file `.mha`. */
export async function metaImageOf({ size, affine, labels, segments, maker }: Mask): Promise<Uint8Array> {
  const spacing = spacingMm({ size, affine });
  const voxels = await pack(labels);
  const directions = [0, 1, 2].flatMap((axis) => [0, 1, 2].map((row) => affine[row * 4 + axis]! / spacing[axis]!));
  const names = segments.map(({ value, name }) => `${value} ${name}`).join(', ');
  const lines = [
    'ObjectType = Image',
    'NDims = 3',
    `Comment = ${`${names}; ${makerInWords(maker)}`.replace(/\s+/g, ' ')}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = True',
    `CompressedDataSize = ${voxels.length}`,
    `TransformMatrix = ${directions.join(' ')}`,
    `Offset = ${[affine[3], affine[7], affine[11]].join(' ')}`,
    'CenterOfRotation = 0 0 0',
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${size.join(' ')}`,
    'ElementType = MET_UCHAR',
    'ElementDataFile = LOCAL',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n`, 'utf8'), voxels]);
}
