/**
 * What label maps call lobes and textures in files: names, colours, and DICOM's codes (PS3.16 CID 7150, 7151 and 244 for
 * lobes; CID 6102 for the Fleischner terms that DICOM has, SNOMED CT for the others).
 */
import {
  LOBES,
  type Lobe,
  LUNGS,
  sideOf,
  TEXTURE_CLASSES,
  type TextureClass,
  WHOLE_LUNGS,
} from '../../protocol/names.ts';
import { CLASS_COLOURS, LOBE_COLOURS, type Rgb, rgbOf } from '../../protocol/segmentColours.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { classLabel, regionLabel } from '../../protocol/words/displayNames.ts';

/** A coded concept of DICOM: the value, its scheme, and what it means in at most 64 characters. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

export interface Segment {
  /** As in tables: `RUL`, `ggo`. */
  readonly name: string;
  /** As it is shown: "Right upper lobe". */
  readonly label: string;
  readonly colour: Rgb;
  /** Of what kind it is (CID 7150). */
  readonly category: Code;
  readonly type: Code;
  /** The side of a lobe that both lungs have, or that the lung is normal. */
  readonly modifier?: Code;
}

/** The scheme of our own codes, for what no other has. */
export const OWN_SCHEME = '99LUNGNB';

const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });

export const ANATOMY = sct('91723000', 'Anatomical Structure');
export const ABNORMALITY = sct('49755003', 'Morphologically Abnormal Structure');
export const LUNG = sct('39607008', 'Lung');

const SIDES = { right: sct('24028007', 'Right'), left: sct('7771000', 'Left') } as const;
const UPPER = sct('45653009', 'Upper lobe of lung');
const LOWER = sct('90572001', 'Lower lobe of lung');
const LOBE_TYPES: Readonly<Record<Lobe, Code>> = {
  RUL: UPPER,
  RML: sct('72481006', 'Middle lobe of right lung'),
  RLL: LOWER,
  LUL: UPPER,
  LLL: LOWER,
};

const LOBE_LABELS: Readonly<Record<Lobe, string>> = {
  RUL: 'Right upper lobe',
  RML: 'Right middle lobe',
  RLL: 'Right lower lobe',
  LUL: 'Left upper lobe',
  LLL: 'Left lower lobe',
};

const TEXTURE_TYPES: Readonly<Record<Exclude<TextureClass, 'normal'>, Code>> = {
  ggo: dcm('112120', 'Ground glass opacity'),
  consolidation: sct('95436008', 'Lung consolidation'),
  reticulation: dcm('112113', 'Reticular pattern'),
  honeycombing: dcm('112106', 'Honeycomb pattern'),
  emphysema: sct('87433001', 'Pulmonary emphysema'),
};

function lobeSegment(name: Lobe): Segment {
  return {
    name,
    label: LOBE_LABELS[name],
    colour: LOBE_COLOURS[name],
    category: ANATOMY,
    type: LOBE_TYPES[name],
    // The middle lobe is the right lung's by its name.
    ...(name !== 'RML' && { modifier: SIDES[sideOf(name)] }),
  };
}

function textureSegment(name: TextureClass): Segment {
  const label = classLabel(name);
  if (name === 'normal')
    return {
      name,
      label,
      colour: CLASS_COLOURS.normal,
      category: ANATOMY,
      type: LUNG,
      modifier: sct('17621005', 'Normal'),
    };
  return {
    name,
    label,
    colour: CLASS_COLOURS[name],
    category: ABNORMALITY,
    type: TEXTURE_TYPES[name],
  };
}

function ownSegment({ name, colour }: OwnClass): Segment {
  const label = classLabel(name);
  return {
    name,
    label,
    colour: rgbOf(colour) ?? CLASS_COLOURS.normal,
    category: ABNORMALITY,
    type: { value: name.slice(0, 16), scheme: OWN_SCHEME, meaning: label.slice(0, 64) },
  };
}

/** The segments of a map of lobes: label n + 1 is that of the n-th. */
export const LOBE_SEGMENTS: readonly Segment[] = LOBES.map(lobeSegment);

/** The segments of a map of whole lungs. */
export const WHOLE_LUNG_SEGMENTS: readonly Segment[] = WHOLE_LUNGS.map((name) => ({
  name,
  label: regionLabel(name),
  colour: LOBE_COLOURS[LUNGS[sideOf(name)][0]],
  category: ANATOMY,
  type: LUNG,
  modifier: SIDES[sideOf(name)],
}));

/** The segments of a map of textures, label n + 1 that of the n-th: the six, then those that its model brings, with a code of our own. */
export function textureSegments(own: readonly OwnClass[] = []): readonly Segment[] {
  return [...TEXTURE_CLASSES.map(textureSegment), ...own.map(ownSegment)];
}
