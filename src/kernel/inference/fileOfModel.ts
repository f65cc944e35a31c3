/** What messages call a file of a model: neither its path, which says whose computer it is, nor its name, which may be anything. */
import { basename, join } from 'node:path';
import { rememberNames } from '../base/fileNames.ts';

export const MANIFEST = 'manifest.json';

/** To begin a sentence. */
export function fileOfModel(folder: string, file: string): string {
  const part = file === MANIFEST ? 'The manifest' : file.endsWith('.onnx') ? 'The network' : 'A file of weights';
  const words = `${part} of the model "${basename(folder)}"`;
  rememberNames(words, [join(folder, file)]);
  return words;
}
