/** A network of another program, as its own files describe it. */
import type { Manifest } from '../manifest.ts';

/** A channel of the output, or a label value, by the name that the other program has for it. */
export interface ForeignLabel {
  readonly name: string;
  readonly isBackground: boolean;
}

export interface ForeignModel {
  /** What it is, for people: "nnU-Net v2, 3d_fullres of Dataset291_…". */
  readonly what: string;
  /** ONNX files below the folder, one per member of the ensemble. */
  readonly files: readonly string[];
  readonly labels: readonly ForeignLabel[];
  readonly input: Omit<Manifest['input'], 'orientation' | 'dimensions'> & {
    readonly dimensions: 2 | 3;
    /** Where the program's files tell it. */
    readonly orientation: string | undefined;
  };
  readonly output: Pick<Manifest['output'], 'name' | 'activation'>;
  readonly citation: string;
  /** Sentences on what was taken for granted. */
  readonly remarks: readonly string[];
  /** Order of the other program's axes: its array's axes z, y, x are the CT's axes z, y, x in this order. */
  readonly transpose: readonly [number, number, number];
}

/** What to type where the weights are not ONNX yet. */
export interface ExportNeeded {
  readonly what: string;
  /** The shipped script, by its name in `models/export`, and its arguments; or a command of another program. */
  readonly script: string | undefined;
  readonly command: string;
}
