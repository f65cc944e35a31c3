/** What tells a CT to the masks that were drawn on it: the UIDs of its first file, read anew, since nothing keeps them. */
import type { Series } from '../ct/cohort/cohort.ts';
import { parseHeaders } from '../ct/dicom/dicomFile.ts';
import { createSourceReader } from '../ct/files/sources.ts';
import type { CtIdentity } from './matchMasks.ts';

/** Enough for every header without large private tags; others are read whole. */
const HEADER_BYTES = 64 * 1024;

export async function ctIdentity(patient: string, series: Series, signal: AbortSignal): Promise<CtIdentity> {
  const place = { patient, series: series.id };
  const [source] = series.sources;
  if (series.format !== 'dicom' || !source) return place;
  const { frame: _, stored: __, ...file } = source;
  const reader = createSourceReader(signal);
  reader.know(series.sources);
  try {
    const [header] = await reader
      .read(file, HEADER_BYTES)
      .then(parseHeaders)
      .catch(async () => parseHeaders(await reader.read(file)));
    return {
      ...place,
      seriesUid: header?.seriesInstanceUid,
      studyUid: header?.studyInstanceUid,
      frameOfReferenceUid: header?.frameOfReferenceUid,
      patientId: header?.patientId,
    };
  } finally {
    reader.close();
  }
}
