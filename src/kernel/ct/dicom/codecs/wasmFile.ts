/** Where the WebAssembly of a codec lies. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the bundled kernel, or beside a module of its package where the kernel runs from source. */
export function wasmFile(name: string, module: string): string {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), name);
  return existsSync(bundled) ? bundled : join(dirname(createRequire(import.meta.url).resolve(module)), name);
}
