/** The models under evaluation, opened as the kernel opens them. */
import { findModel, type Model, openModel } from '../../src/kernel/inference/model.ts';

export interface Models {
  readonly lobes: Model;
  readonly textures: Model;
}

/** Opens both models of a models folder, one thread each. */
export async function openModels(folder: string): Promise<Models> {
  return {
    lobes: await openModel(await findModel([folder], 'lung-lobes', 'lobes'), 1),
    textures: await openModel(await findModel([folder], 'lung-texture', 'textures'), 1),
  };
}
