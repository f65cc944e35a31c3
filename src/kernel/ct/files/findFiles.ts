/** The files that a path or an address in a notebook stands for. */
import { dirname } from 'node:path';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import type { Remark } from '../../../protocol/remark.ts';
import type { Task } from '../../base/task.ts';
import { asListed, filesInDicomdir, isDicomDirectory } from '../dicom/dicomDirectory.ts';
import { isWebAddress } from '../dicomWeb/address.ts';
import { fetchStudies } from '../dicomWeb/fetchStudies.ts';
import { type FileList, listFiles } from './listFiles.ts';
import type { SourceReader } from './sources.ts';

/** Enough of a file to tell a DICOMDIR. */
const START_BYTES = 1024;

export interface FoundList extends FileList {
  readonly problems: readonly Remark[];
}

export interface FindOptions {
  readonly reader: SourceReader;
  readonly servers?: readonly DicomWebServer[];
  /** What messages call the path. */
  readonly named?: string;
}

/** A DICOMDIR stands for the files of its folder that it lists; an address for what is fetched from there. */
export async function findFiles(
  path: string,
  { servers = [], reader, named }: FindOptions,
  task: Task,
): Promise<FoundList> {
  if (isWebAddress(path)) return { ...(await fetchStudies(path, servers, task)), unreadable: [] };
  const list = await listFiles(path, task, named);
  const isFile = list.files.length === 1 && list.files[0] === path;
  if (!isFile || !isDicomDirectory(await reader.read({ file: path }, START_BYTES))) return { ...list, problems: [] };
  const listed = new Set(filesInDicomdir(await reader.read({ file: path })));
  const { files, unreadable } = await listFiles(dirname(path), task);
  const used = files.filter((file) => file === path || listed.has(asListed(dirname(path), file)));
  return { files: used, unreadable, problems: [] };
}
