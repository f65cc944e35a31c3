/** Which of several images at one place is the stack's own: a screenshot or a summed image says otherwise in its tags. */
import { mostCommon } from '../../base/mostCommon.ts';
import type { FoundFile } from '../files/scan.ts';
import type { DicomHeader } from './dicomFile.ts';

/** What all images of a reconstruction say alike. */
const ALIKE: readonly ((header: DicomHeader) => string | undefined)[] = [
  ({ imageType }) => imageType.join('\\'),
  ({ kind }) => kind?.kind ?? 'plain',
  ({ rescale }) => rescale?.join() ?? 'none',
  ({ convolutionKernel }) => convolutionKernel ?? 'none',
  ({ sliceThicknessMm }) => sliceThicknessMm?.toFixed(1) ?? 'none',
  ({ description }) => description ?? 'none',
];

/** Images that say what most of them say before others; in their order otherwise. */
export function usualFirst(files: readonly FoundFile[]): FoundFile[] {
  const usual = ALIKE.map((of) => mostCommon(files.map(({ header }) => of(header))));
  const oddities = new Map(
    files.map((file) => [file, ALIKE.filter((of, n) => of(file.header) !== usual[n]).length] as const),
  );
  return [...files].sort((a, b) => oddities.get(a)! - oddities.get(b)!);
}
