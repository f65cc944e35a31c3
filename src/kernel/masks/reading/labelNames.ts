/**
 * Names of labels that volume files carry: TotalSegmentator's and Connectome Workbench's label table in the extension of
 * a NIfTI header (XML), 3D Slicer's `SegmentN_…` keys of a .seg.nrrd, the comment of our own MetaImage files, and
 * ITK-SNAP's label descriptions beside the maps.
 */
import type { SourceReader } from '../../ct/files/sources.ts';
import type { VolumeFile } from '../../ct/formats/volumeFile.ts';

export interface NamedLabel {
  readonly value: number;
  readonly layer?: number;
  readonly name: string;
}

/** Headers of 3D Slicer and TotalSegmentator with names of 117 structures are far shorter. */
const HEADER_BYTES = 1024 * 1024;

/** The labels that the file names; none where it names none. */
export async function labelNames({ source, format }: VolumeFile, reader: SourceReader): Promise<NamedLabel[]> {
  const start = (await reader.read(source, HEADER_BYTES)).toString('utf8');
  if (format === 'metaimage') return namesOfComment(start);
  return format === 'nrrd' ? namesOfSlicer(start) : namesOfLabelTable(start);
}

/** `<Label Key="10" …><![CDATA[lung_upper_lobe_left]]></Label>`. */
function namesOfLabelTable(header: string): NamedLabel[] {
  const table = /<LabelTable>([\s\S]*?)<\/LabelTable>/.exec(header)?.[1] ?? '';
  return [...table.matchAll(/<Label\b[^>]*\bKey="(\d+)"[^>]*>\s*(?:<!\[CDATA\[)?([^<\]]*)/g)].flatMap(
    ([, key, name = '']) => (name.trim() === '' || key === '0' ? [] : [{ value: Number(key), name: name.trim() }]),
  );
}

/** `Segment0_Name:=RUL`, `Segment0_LabelValue:=1`, `Segment0_Layer:=0`. */
function namesOfSlicer(header: string): NamedLabel[] {
  const end = /\r?\n\r?\n/.exec(header)?.index;
  const fields = new Map(
    header
      .slice(0, end)
      .split(/\r?\n/)
      .flatMap((line): [string, string][] => {
        const [, key, value] = /^(Segment\d+_(?:Name|LabelValue|Layer)):=(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value.trim()]];
      }),
  );
  return [...fields].flatMap(([key, name]) => {
    if (!key.endsWith('_Name') || name === '') return [];
    const own = key.slice(0, -'_Name'.length);
    // Files of older versions say neither: each segment is the next label of one layer.
    const value = Number(fields.get(`${own}_LabelValue`) ?? Number(own.slice('Segment'.length)) + 1);
    const layer = Number(fields.get(`${own}_Layer`) ?? 0);
    return [{ value, layer, name }];
  });
}

/** `Comment = 1 RUL, 2 RML; …`, as our own MetaImage files have it: the format has no other place. */
function namesOfComment(header: string): NamedLabel[] {
  const listed = /^Comment = ((?:\d+ [^,;\r\n]+(?:, )?)+);/m.exec(header)?.[1] ?? '';
  return listed.split(', ').flatMap((part) => {
    const [, value, name] = /^(\d+) (.+)$/.exec(part) ?? [];
    return value === undefined || name === undefined ? [] : [{ value: Number(value), name }];
  });
}

const SNAP_BEGINS = /^#+\s*\r?\n#\s*ITK-SnAP Label Description File/i;

/** The labels of a label description of ITK-SNAP; undefined for any other text. */
export function namesOfItkSnap(text: string): NamedLabel[] | undefined {
  if (!SNAP_BEGINS.test(text)) return undefined;
  return text.split(/\r?\n/).flatMap((line) => {
    const [, value, name] = /^\s*(\d+)(?:\s+[\d.]+){6}\s+"([^"]*)"/.exec(line) ?? [];
    return value === undefined || name === undefined || value === '0' ? [] : [{ value: Number(value), name }];
  });
}
