/** The texture classes that a result is about, where the user names none. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { ownClassesIn as ownClassesOfMasks } from '../masks/givenMasks.ts';
import type { MeasurementsValue, TableValue } from './value.ts';

/** The six, then those that the models of its CTs bring. */
export function measuredClasses(value: MeasurementsValue | TableValue): string[] {
  return [...new Set([...TEXTURE_CLASSES, ...ownClassesIn(value).map(({ name }) => name)])];
}

/** Those that the models of its CTs bring; none of a table. It is `classesBrought` without what opens models, which no page has. */
export function ownClassesIn(value: MeasurementsValue | TableValue): readonly OwnClass[] {
  if (value.kind === 'table') return [];
  return value.measured.flatMap(({ models: { textures } }) => {
    if (!('manifest' in textures)) return ownClassesOfMasks(textures);
    return textures.manifest.task === 'textures' ? (textures.manifest.classes ?? []) : [];
  });
}
