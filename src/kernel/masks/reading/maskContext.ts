/** What the readers of masks share while a folder is looked through. */
import { createHash } from 'node:crypto';
import { basename, relative, sep } from 'node:path';
import type { Remark } from '../../../protocol/remark.ts';
import type { Source } from '../../ct/cohort/cohort.ts';
import { labelOf } from '../../ct/cohort/labelOf.ts';
import type { SourceReader } from '../../ct/files/sources.ts';
import type { LabelsAsked, MaskOwner } from '../maskFile.ts';
import type { NamedLabel } from './labelNames.ts';

export interface MaskContext {
  readonly reader: SourceReader;
  readonly root: string;
  readonly labels: LabelsAsked;
  /** Names of ITK-SNAP's label descriptions, by the folder that they lie in. */
  readonly described: ReadonlyMap<string, readonly NamedLabel[]>;
  /** What is found out on the way is added. */
  readonly problems: Remark[];
}

/** Whose it may be by where it lies. */
export function ownerOf(source: Source, root: string): MaskOwner {
  const inRoot = source.zipEntry !== undefined && source.file === root;
  const below = inRoot ? [] : relative(root, source.file).split(sep);
  const parts = [...below, ...(source.zipEntry === undefined ? [] : source.zipEntry.split('/'))].filter(Boolean);
  const last = parts.pop() ?? basename(root);
  const stem = labelOf(last).replace(/\.seg$/i, '');
  const path = [...parts.map(labelOf), stem];
  return { label: path[0]!, path };
}

/** SHA-256 of the stored bytes of all sources; what is packed within a file is a part of it. */
export async function digestOf(sources: readonly Source[], reader: SourceReader): Promise<string> {
  const hash = createHash('sha256');
  for (const { form: _, ...source } of sources)
    for await (const chunk of await reader.stream(source)) hash.update(chunk);
  return hash.digest('hex');
}
