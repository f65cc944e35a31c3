/** The list of CTs that a task of a job measures, with the models that measure them. */
import { readFile } from 'node:fs/promises';
import type { Device } from '../../protocol/devices.ts';
import { findModel } from '../inference/model.ts';
import type { CtToMeasure, MeasuringModels } from '../values/engine.ts';

export interface WorkList {
  readonly lungnbWork: 2;
  readonly models: { readonly lobes: string; readonly textures: string; readonly device?: Device };
  /** Where the models are looked for, in order. */
  readonly modelFolders: readonly string[];
  /** With their places in the list of all tasks, by which their results are called. */
  readonly cts: readonly (CtToMeasure & { readonly place: number })[];
}

export function workListOf(cts: WorkList['cts'], models: MeasuringModels, modelFolders: readonly string[]): WorkList {
  return {
    lungnbWork: 2,
    models: {
      lobes: models.lobes.manifest.id,
      textures: models.textures.manifest.id,
      ...(models.device && { device: models.device }),
    },
    modelFolders,
    cts,
  };
}

/** Undefined where the file is something else, such as a list of paths. */
export async function readWorkList(path: string): Promise<WorkList | undefined> {
  const text = await readFile(path, 'utf8');
  if (!text.startsWith('{"lungnbWork":2')) return undefined;
  // SAFETY: LungNB wrote it, as it begins.
  return JSON.parse(text) as WorkList;
}

export async function modelsOf({
  models,
  modelFolders,
}: Omit<WorkList, 'cts' | 'lungnbWork'>): Promise<MeasuringModels> {
  return {
    lobes: await findModel(modelFolders, models.lobes, 'lobes'),
    textures: await findModel(modelFolders, models.textures, 'textures'),
    ...(models.device && { device: models.device }),
  };
}
