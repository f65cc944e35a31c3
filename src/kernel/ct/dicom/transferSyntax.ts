/** The transfer syntaxes in which DICOM images are stored (PS3.5 annex A), and what it takes to read each. */

export type Codec = 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  readonly name: string;
  /** None where pixels are stored as they are. */
  readonly codec?: Codec;
  /** What was stored is not what was scanned. */
  readonly lossy?: true;
  /** Little endian where it is not said. */
  readonly byteOrder?: 'big';
  /** The whole data set is packed, so that its length says nothing of its pixels. */
  readonly deflated?: true;
}

const SYNTAXES: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': { name: 'implicit little endian' },
  '1.2.840.10008.1.2.1': { name: 'explicit little endian' },
  '1.2.840.10008.1.2.1.99': { name: 'deflated explicit little endian', deflated: true },
  '1.2.840.10008.1.2.2': { name: 'explicit big endian', byteOrder: 'big' },
  '1.2.840.10008.1.2.5': { name: 'RLE', codec: 'rle' },
  '1.2.840.10008.1.2.4.50': { name: 'JPEG baseline', codec: 'jpeg', lossy: true },
  '1.2.840.10008.1.2.4.51': { name: 'JPEG extended', codec: 'jpeg', lossy: true },
  '1.2.840.10008.1.2.4.53': { name: 'JPEG spectral selection', codec: 'jpeg', lossy: true },
  '1.2.840.10008.1.2.4.55': { name: 'JPEG full progression', codec: 'jpeg', lossy: true },
  '1.2.840.10008.1.2.4.57': { name: 'JPEG lossless', codec: 'jpeg' },
  '1.2.840.10008.1.2.4.70': { name: 'JPEG lossless, first-order prediction', codec: 'jpeg' },
  '1.2.840.10008.1.2.4.80': { name: 'JPEG-LS lossless', codec: 'jpeg-ls' },
  '1.2.840.10008.1.2.4.81': { name: 'JPEG-LS near-lossless', codec: 'jpeg-ls', lossy: true },
  '1.2.840.10008.1.2.4.90': { name: 'JPEG 2000 lossless', codec: 'jpeg-2000' },
  '1.2.840.10008.1.2.4.91': { name: 'JPEG 2000', codec: 'jpeg-2000', lossy: true },
  '1.2.840.10008.1.2.4.201': { name: 'HTJ2K lossless', codec: 'htj2k' },
  '1.2.840.10008.1.2.4.202': { name: 'HTJ2K lossless, RPCL', codec: 'htj2k' },
  '1.2.840.10008.1.2.4.203': { name: 'HTJ2K', codec: 'htj2k', lossy: true },
};

/** The syntax of a UID; none where it is unknown. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return SYNTAXES[uid];
}
