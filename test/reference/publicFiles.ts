/** What LungNB makes of single DICOM files below some folders, a line of JSON each: read by publicFiles.py, which compares. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { unattended } from '../../src/kernel/base/task.ts';
import { errorOf } from '../../src/kernel/base/thrown.ts';
import { missingHeader } from '../../src/kernel/ct/dicom/bareDicom.ts';
import { isDicomDirectory } from '../../src/kernel/ct/dicom/dicomDirectory.ts';
import { decodeFrames, isDicom, parseHeaders } from '../../src/kernel/ct/dicom/dicomFile.ts';
import { listFiles } from '../../src/kernel/ct/files/listFiles.ts';

for (const root of process.argv.slice(2)) {
  const { files } = await listFiles(root, unattended);
  for (const file of files) {
    const read = await readOne(file);
    if (read) console.log(JSON.stringify({ file, ...read }));
  }
}
process.exit();

async function readOne(file: string): Promise<object | undefined> {
  const bytes = readFileSync(file);
  const header = isDicom(bytes) ? Buffer.alloc(0) : missingHeader(bytes);
  if (!header || isDicomDirectory(bytes)) return undefined;
  const whole = Buffer.concat([header, bytes]);
  try {
    const headers = parseHeaders(whole);
    const { rows, columns, modality, position, orientation, pixelSpacing, numberOfFrames } = headers[0]!;
    const said = { rows, columns, modality, position, orientation, pixelSpacing, numberOfFrames };
    if (!rows) return said;
    try {
      const [frame] = await decodeFrames(whole, [0]);
      const hu = frame!.hu;
      const sha256 = createHash('sha256')
        .update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength))
        .digest('hex');
      const sum = hu.reduce((a, b) => a + b, 0);
      return { ...said, sha256, mean: sum / hu.length };
    } catch (error) {
      return { ...said, pixels: errorOf(error).message };
    }
  } catch (error) {
    return { header: errorOf(error).message };
  }
}
