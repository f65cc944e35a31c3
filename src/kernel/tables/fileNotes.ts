/** What a file says of its table, by key: in the metadata of Parquet and Arrow. */
export type FileNotes = Readonly<Record<string, string>>;
