/** The part of dcmjs that LungNB uses; the package ships no types. */
declare module 'dcmjs' {
  interface DicomElement {
    readonly vr: string;
    readonly Value?: unknown[];
    readonly InlineBinary?: string;
    /** The values as they are stored, before they were formatted. */
    readonly _rawValue?: unknown;
  }
  export type DicomElements = Record<string, DicomElement>;

  class DicomDict {
    constructor(meta: DicomElements);
    meta: DicomElements;
    dict: DicomElements;
    write(options?: object): ArrayBuffer;
  }

  const dcmjs: {
    readonly data: {
      readonly DicomDict: typeof DicomDict;
      readonly DicomMetaDictionary: {
        denaturalizeDataset(dataset: object): DicomElements;
        naturalizeDataset(elements: DicomElements): Record<string, unknown>;
      };
      readonly DicomMessage: {
        readFile(
          buffer: ArrayBuffer,
          options?: {
            ignoreErrors?: boolean;
            untilTag?: string | null;
            includeUntilTagValue?: boolean;
            noCopy?: boolean;
            forceStoreRaw?: boolean;
          },
        ): DicomDict;
      };
    };
    readonly log: { setLevel(level: string): void; getLogger(name: string): { setLevel(level: string): void } };
  };
  export default dcmjs;
}
