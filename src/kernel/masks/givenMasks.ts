/** Masks that take the place of networks for one CT, and what they come to on its grid. */
import type { Remark } from '../../protocol/remark.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import type { MaskFile } from './maskFile.ts';
import type { Runs } from './runs.ts';

/** Of one CT: those of a name of the notebook that were matched to it. */
export interface GivenMasks {
  /** What the notebook calls the masks. */
  readonly name: string;
  readonly files: readonly MaskFile[];
  /** Of the files and of what their labels stand for: changes where anything that can change a number does. */
  readonly digest: string;
  /** Of the CT, where it is DICOM that says so. */
  readonly frameOfReferenceUid?: string | undefined;
  readonly patientId?: string | undefined;
}

/** Masks on the grid of a CT, as far as they were asked for. */
export interface PlacedMasks {
  /** 1–5 in the order of LOBES; undefined where the masks know no lobe. */
  readonly lobes: Uint8Array | undefined;
  /** 1–6 in the order of TEXTURE_CLASSES, then those of {@link ownClassesIn}. */
  readonly textures: Uint8Array | undefined;
  /** Lungs without lobes, and structures that are neither. */
  readonly others: readonly { readonly name: string; readonly runs: Runs }[];
  readonly remarks: readonly Remark[];
}

/** Texture classes beside the six, which the model brought whose map was edited by hand. */
export function ownClassesIn({ files }: Pick<GivenMasks, 'files'>): readonly OwnClass[] {
  const all = files.flatMap(({ edited }) => (edited?.layer === 'textures' ? edited.ownClasses : []));
  return all.filter(({ name }, n) => all.findIndex((other) => other.name === name) === n);
}

/** What of the masks is needed: all else is not even read. */
export interface WantedMasks {
  readonly lobes: boolean;
  readonly textures: boolean;
  /** Of the others these; and all that belong to the lungs, where those are asked for. */
  readonly others: readonly string[];
  readonly allOfLungs: boolean;
}
