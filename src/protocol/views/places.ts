/**
 * What each text of a view is to a patient's label: answered once for every field, by type, so that a new field does not
 * compile before somebody has said whether it may name a patient.
 */

/**
 * - `fixed`: a word of ours (a type, a code, a hash), never a label.
 * - `words`: a text in which labels may stand.
 * - `patient`: a label from end to end.
 * - `label-first`: a label, a comma, and more, as in "P01, series-1".
 * - `inputs`: an object whose keys begin with a label, as in "P01/series-1".
 * - `drawing`: traces or layout of Plotly, with labels in `customdata` and in any of its texts.
 * - `column-name`: words, but for the name by which the column of the patients is found.
 * - `handle`: made of labels, and leads to what a kernel knows under them.
 * - `picture`: bytes in base64.
 */
export type Place =
  | 'fixed'
  | 'words'
  | 'patient'
  | 'label-first'
  | 'inputs'
  | 'drawing'
  | 'column-name'
  | 'handle'
  | 'picture';

type Textless = number | boolean | null | undefined;
type KeysWithText<T> = { [K in keyof T]-?: [PlacesOf<Exclude<T[K], Textless>>] extends [never] ? never : K }[keyof T];

/** The places of all texts of a type; one answer may stand for everything below a field. */
export type PlacesOf<T> = T extends string
  ? Place
  : T extends Textless
    ? never
    : T extends readonly (infer Item)[]
      ? PlacesOf<Item>
      : Place | { readonly [K in KeysWithText<T>]: PlacesOf<Exclude<T[K], Textless>> };

export type AnyPlaces = Place | { readonly [key: string]: AnyPlaces };

/** How labels are replaced in each sort of text. */
export interface LabelReplacement {
  /** A text that is a label from end to end, or has labels in it. */
  readonly whole: (text: string) => string;
  /** Labels that stand as words of their own. */
  readonly words: (text: string) => string;
}

/** What Plotly reads to know how to draw; its values are words of Plotly's. */
const DRAWING_STRUCTURE: ReadonlySet<string> = new Set([
  'anchor',
  'align',
  'autorange',
  'barmode',
  'boxmode',
  'boxpoints',
  'color',
  'colorscale',
  'dash',
  'fill',
  'hoverinfo',
  'hovermode',
  'matches',
  'mode',
  'orientation',
  'overlaying',
  'pattern',
  'rangemode',
  'scaleanchor',
  'side',
  'symbol',
  'tickmode',
  'type',
  'xanchor',
  'xaxis',
  'xref',
  'yanchor',
  'yaxis',
  'yref',
]);
/** The column by which patients are found keeps its name, even where somebody is called so. */
const PATIENT_COLUMN = /^\s*patient\s*$/i;

export function isPatientColumn(name: unknown): boolean {
  return typeof name === 'string' && PATIENT_COLUMN.test(name);
}

/** `value` with the labels replaced in all its places. What a file holds beyond its type is taken for words. */
export function withLabelsIn(value: unknown, places: AnyPlaces, labels: LabelReplacement): unknown {
  if (places === 'fixed' || places === 'picture') return value;
  if (typeof value === 'string')
    return typeof places === 'string' ? textIn(value, places, labels) : labels.words(value);
  if (Array.isArray(value)) return value.map((item) => withLabelsIn(item, places, labels));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      places === 'inputs' ? leading(key, '/', labels) : key,
      withLabelsIn(own, below(places, key), labels),
    ]),
  );
}

function below(places: AnyPlaces, key: string): AnyPlaces {
  if (typeof places !== 'string') return (Object.hasOwn(places, key) ? places[key] : undefined) ?? 'words';
  if (places === 'inputs') return 'fixed';
  if (places !== 'drawing') return places;
  return DRAWING_STRUCTURE.has(key) ? 'fixed' : key === 'customdata' ? 'patient' : 'drawing';
}

function textIn(text: string, place: Place, labels: LabelReplacement): string {
  switch (place) {
    case 'patient':
      return labels.whole(text);
    case 'label-first':
      return leading(text, ', ', labels);
    case 'column-name':
      return isPatientColumn(text) ? text : labels.whole(text);
    case 'handle':
      return '';
    default:
      return labels.words(text);
  }
}

/** "P01/series-1" and "P01, series-1" begin with a label. */
function leading(text: string, sign: string, { whole, words }: LabelReplacement): string {
  const end = text.lastIndexOf(sign);
  return end < 0 ? words(text) : whole(text.slice(0, end)) + words(text.slice(end));
}

/** The labels that stand in `value` by themselves. */
export function labelsIn(value: unknown, places: AnyPlaces): string[] {
  if (typeof value === 'string') return places === 'patient' ? [value] : [];
  if (places === 'drawing' || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => labelsIn(item, places));
  if (places === 'inputs')
    return Object.keys(value).flatMap((input) => (input.includes('/') ? [input.slice(0, input.lastIndexOf('/'))] : []));
  return Object.entries(value).flatMap(([key, own]) => labelsIn(own, below(places, key)));
}

/** All texts, names of inputs included, but no pictures. */
export function textsIn(value: unknown, places: AnyPlaces): string[] {
  if (places === 'picture') return [];
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, places));
  return Object.entries(value).flatMap(([key, own]) => [
    ...(places === 'inputs' ? [key] : []),
    ...textsIn(own, below(places, key)),
  ]);
}
