import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { errorOf } from '../base/thrown.ts';
import { UsageError } from './usageError.ts';

/** A command's options and what stands beside them. Throws a UsageError that ends with the command's usage. */
export function parsedArgs<O extends ParseArgsOptionsConfig>(argv: readonly string[], options: O, usage: string) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${errorOf(error).message}\n\n${usage}`);
  }
}
