/** The scale of CT, and the parts of it that radiologists look at. */
import type { HuWindow } from './view.ts';

/** The floor of Hounsfield units: nothing is kept below, and padding outside the field of view has it. */
export const MIN_HU = -1024;

/** The usual windows by name; the first is what a viewer opens with. */
export const HU_WINDOWS = {
  lung: { centre: -600, width: 1500 },
  mediastinum: { centre: 40, width: 400 },
  bone: { centre: 400, width: 1800 },
} as const satisfies Readonly<Record<string, HuWindow>>;
