/** The texture classes that a result is about, where the user names none. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { classesBrought } from '../lungs/means.ts';
import type { MeasurementsValue, TableValue } from './value.ts';

/** The six, then those that the models of its CTs bring. */
export function measuredClasses(value: MeasurementsValue | TableValue): string[] {
  return [...new Set([...TEXTURE_CLASSES, ...ownClassesIn(value).map(({ name }) => name)])];
}

/** Those that the models of its CTs bring; none of a table. */
export function ownClassesIn(value: MeasurementsValue | TableValue): readonly OwnClass[] {
  return value.kind === 'measurements' ? value.measured.flatMap(({ models }) => classesBrought(models)) : [];
}
