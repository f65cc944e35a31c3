/** The elements of a DICOM file, read by dcmjs after what archives get wrong was put right. */
import dcmjs, { type DicomElements } from 'dcmjs';
import { ownBytes } from '../../base/ownBytes.ts';
import { withKnownCharacterSets, withoutStrayBytes, withTrueMeta } from './mendFile.ts';

const { DicomMessage } = dcmjs.data;
dcmjs.log.setLevel('error');
// It prints a line per ambiguous VR of implicit files; what matters of a file is said by our own problems.
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

export interface ReadElements {
  readonly meta: DicomElements;
  readonly elements: DicomElements;
  /** The bytes lie elsewhere than in the file: something was put right in its first ones. */
  readonly isMoved: boolean;
}

/** What lies behind `untilTag`, such as padding, is not read. Throws where the bytes are no DICOM, or end within an element before it. */
export function readElements(
  bytes: Buffer,
  options: { untilTag: string; includeUntilTagValue?: boolean; noCopy?: boolean },
): ReadElements {
  const mended = withTrueMeta(bytes);
  const read = (from: Buffer): ReadElements => {
    const { meta, dict } = DicomMessage.readFile(ownBytes(from).buffer, options);
    return { meta, elements: dict, isMoved: mended !== bytes };
  };
  try {
    return read(mended);
  } catch (error) {
    const readable = withKnownCharacterSets(mended) ?? mended;
    const whole = withoutStrayBytes(readable) ?? readable;
    if (whole === mended) throw error;
    return read(whole);
  }
}
