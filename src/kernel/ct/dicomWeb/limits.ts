/** How much a DICOMweb server may send, and how slowly: far beyond any real study, so that a server without end cannot fill memory or disk. docs/dicomweb.md tells users of them. */

export interface WebLimits {
  /** Of one page of matches, unpacked. */
  readonly pageBytes: number;
  /** Pages of one search. */
  readonly pages: number;
  /** Matches of one search; a 4D CT has some 10 000 images. */
  readonly matches: number;
  /** Images of one `load`. */
  readonly images: number;
  /** Of one image with all its frames: a CT of 2000 slices in one file has 1 GB. */
  readonly imageBytes: number;
  /** Parts of the answer that holds one image. */
  readonly parts: number;
  /** Of the header lines of a part, and of what stands before the first. */
  readonly partHeaderBytes: number;
  /** Of one study: a 4D CT has some 10 GB. */
  readonly studyBytes: number;
  /** Of one `load`. */
  readonly loadBytes: number;
  /** Left free on the disk, or this share of a smaller one. */
  readonly freeBytes: number;
  readonly freeShare: number;
}

export const LIMITS: WebLimits = {
  pageBytes: 64 * 1024 ** 2,
  pages: 1000,
  matches: 100_000,
  images: 500_000,
  imageBytes: 2 * 1024 ** 3,
  parts: 16,
  partHeaderBytes: 16 * 1024,
  studyBytes: 100 * 1024 ** 3,
  loadBytes: 1024 ** 4,
  freeBytes: 1024 ** 3,
  freeShare: 0.05,
};

/** Bytes as users read them, rounded down: 64 MB, 2 GB. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${Math.floor(bytes / 1024 ** power)} ${units[power]}`;
}
