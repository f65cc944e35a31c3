/** What users write for classes, regions and columns, in the languages of most hospitals: one table for all of them. */
import { type Level, type LobarRegion, type TextureClass, ZONES } from '../../protocol/names.ts';

type Language = 'en' | 'de' | 'fr' | 'es' | 'it';
type Words = Partial<Readonly<Record<Language, readonly string[]>>>;

/** Columns that tables of scores, counts and measurements have. */
export type KnownColumn =
  | 'patient'
  | 'region'
  | 'class'
  | 'score'
  | 'percent'
  | 'reader'
  | 'series'
  | 'visit'
  | 'volume_ml';

/** In lower case, with a hyphen for every space (Fleischner Society glossary and everyday use). */
export const CLASS_WORDS: Readonly<Record<TextureClass, Words>> = {
  normal: {
    en: ['n', 'normal-lung'],
    de: ['normale-lunge', 'gesund'],
    fr: ['poumon-normal', 'normale'],
    es: ['pulmón-normal', 'pulmon-normal'],
    it: ['polmone-normale', 'normali'],
  },
  ggo: {
    en: ['g', 'gg', 'ground-glass', 'groundglass', 'ground-glass-opacity', 'ground-glass-opacities'],
    de: ['milchglas', 'milchglastrübung', 'milchglastrübungen', 'milchglasverdichtung', 'milchglasopazität'],
    fr: ['verre-dépoli', 'verre-depoli'],
    es: ['vidrio-deslustrado', 'vidrio-esmerilado'],
    it: ['vetro-smerigliato'],
  },
  consolidation: {
    en: ['c', 'consolidations'],
    de: ['konsolidierung', 'konsolidierungen', 'konsolidation'],
    fr: ['condensation', 'condensations'],
    es: ['consolidación', 'consolidacion', 'condensación'],
    it: ['consolidazione', 'consolidazioni', 'addensamento'],
  },
  reticulation: {
    en: ['r', 'reticular', 'reticulations'],
    de: ['retikulation', 'retikulationen', 'retikulär', 'retikuläre-verdichtungen', 'netzartig'],
    fr: ['réticulation', 'réticulations', 'réticulaire'],
    es: ['reticulación', 'reticulacion', 'reticulaciones'],
    it: ['reticolazione', 'reticolazioni', 'reticolare', 'reticolo'],
  },
  honeycombing: {
    en: ['h', 'honeycomb'],
    de: ['honigwaben', 'honigwabe', 'honigwabenmuster', 'wabenlunge', 'bienenwaben'],
    fr: ['rayon-de-miel', 'rayons-de-miel', 'nid-d’abeilles', "nid-d'abeilles"],
    es: ['panal', 'panalización', 'panalizacion', 'patrón-en-panal', 'panal-de-abeja'],
    it: ['nido-d’ape', "nido-d'ape", 'favo', 'a-nido-d’ape', "a-nido-d'ape"],
  },
  emphysema: {
    en: ['e', 'emphysematous'],
    de: ['emphysem', 'lungenemphysem'],
    fr: ['emphysème', 'emphyseme'],
    es: ['enfisema'],
    it: ['enfisema'],
  },
};

export const LOBAR_WORDS: Readonly<Record<LobarRegion, Words>> = {
  total: {
    en: ['all', 'both', 'lung', 'lungs', 'whole', 'total-lung'],
    de: ['gesamt', 'gesamtlunge', 'lunge', 'beide', 'ganze-lunge'],
    fr: ['totale', 'poumons', 'poumon-entier', 'les-deux'],
    es: ['pulmón', 'pulmones', 'pulmón-total', 'ambos'],
    it: ['totale', 'polmone', 'polmoni', 'polmone-totale', 'entrambi'],
  },
  RUL: {
    // No `ROL`: where it is written, `RUL` would be the right lower lobe.
    de: ['rechter-oberlappen', 'oberlappen-rechts'],
    fr: ['lsd', 'lobe-supérieur-droit'],
    es: ['lóbulo-superior-derecho'],
    it: ['lobo-superiore-destro'],
  },
  RML: {
    en: ['ml', 'middle-lobe'],
    de: ['mittellappen', 'rechter-mittellappen'],
    fr: ['lobe-moyen'],
    es: ['lóbulo-medio'],
    it: ['lobo-medio'],
  },
  RLL: {
    de: ['rechter-unterlappen', 'unterlappen-rechts'],
    fr: ['lid', 'lobe-inférieur-droit'],
    es: ['lóbulo-inferior-derecho'],
    it: ['lobo-inferiore-destro'],
  },
  LUL: {
    de: ['linker-oberlappen', 'oberlappen-links'],
    fr: ['lsg', 'lobe-supérieur-gauche'],
    es: ['lsi', 'lóbulo-superior-izquierdo'],
    it: ['lobo-superiore-sinistro'],
  },
  LLL: {
    de: ['linker-unterlappen', 'unterlappen-links'],
    fr: ['lig', 'lobe-inférieur-gauche'],
    es: ['lii', 'lóbulo-inferior-izquierdo'],
    it: ['lobo-inferiore-sinistro'],
  },
};

export const LEVEL_WORDS: Readonly<Record<Level, Words>> = {
  // No "aortic arch": scores that read at the arch itself look some 2 to 3 cm lower.
  'great-vessels': {
    en: ['great-vessel', 'origin-of-great-vessels', 'origin-of-the-great-vessels', 'supra-aortic'],
    de: ['große-gefäße', 'gefäßabgänge', 'supraaortal'],
    fr: ['gros-vaisseaux'],
    es: ['grandes-vasos'],
    it: ['grandi-vasi'],
  },
  carina: {
    en: ['main-carina', 'tracheal-bifurcation'],
    de: ['karina', 'bifurkation'],
    fr: ['carène', 'carene'],
    es: ['carina-traqueal'],
    it: ['carena'],
  },
  'pulmonary-veins': {
    en: ['pulmonary-vein', 'pulmonary-venous-confluence', 'venous-confluence', 'inferior-pulmonary-veins'],
    de: ['lungenvenen', 'pulmonalvenen'],
    fr: ['veines-pulmonaires'],
    es: ['venas-pulmonares'],
    it: ['vene-polmonari'],
  },
  halfway: { en: ['half-way', 'midway'], de: ['mitte'] },
  diaphragm: {
    en: ['right-hemidiaphragm', 'above-diaphragm', 'above-the-diaphragm', 'above-right-hemidiaphragm'],
    de: ['zwerchfell'],
    fr: ['diaphragme'],
    es: ['diafragma'],
    it: ['diaframma'],
  },
};

/** "Subpleural" is peripheral in other words, and the core is central; sides and thirds are read as they are written. */
export const ZONE_WORDS: Readonly<Record<string, Words>> = Object.fromEntries(
  ZONES.map((zone): [string, Words] => [
    zone,
    {
      en: [zone.endsWith('-peripheral') ? zone.replace(/peripheral$/, 'subpleural') : zone.replace(/central$/, 'core')],
    },
  ]),
);

/** Names that columns of any table may have anyway (`id`, `label`) are none of these: `load … columns` maps them. */
export const COLUMN_WORDS: Readonly<Record<KnownColumn, Words>> = {
  patient: { de: ['patientin', 'patienten'], fr: ['patiente'], es: ['paciente'], it: ['paziente'] },
  region: { de: ['lappen', 'lokalisation'], fr: ['région', 'lobe'], es: ['región', 'lóbulo'], it: ['regione', 'lobo'] },
  class: {
    de: ['klasse', 'muster'],
    fr: ['classe'],
    es: ['clase', 'patrón'],
    it: ['classe'],
  },
  score: {
    de: ['punktwert', 'punkte', 'bewertung'],
    fr: ['cotation'],
    es: ['puntuación', 'puntuacion', 'puntaje'],
    it: ['punteggio'],
  },
  percent: {
    en: ['%', 'percentage', 'per-cent', 'pct'],
    de: ['prozent', 'prozentsatz', 'anteil'],
    fr: ['pourcentage', 'pourcent'],
    es: ['porcentaje', 'por-ciento'],
    it: ['percentuale', 'per-cento'],
  },
  reader: {
    en: ['rater', 'observer'],
    de: ['befunder', 'leser', 'beurteiler', 'radiologe'],
    fr: ['lecteur', 'observateur', 'radiologue'],
    es: ['lector', 'observador', 'radiólogo'],
    it: ['lettore', 'osservatore', 'radiologo'],
  },
  series: { de: ['serie', 'serien'], fr: ['série'], es: ['serie'], it: ['serie'] },
  visit: { de: ['visite', 'termin'], fr: ['visite'], es: ['visita'], it: ['visita'] },
  volume_ml: { de: ['volumen_ml'], es: ['volumen_ml'] },
};

/** Each word of a table with what it stands for; the first that claims a word has it. */
export function byWord<K extends string>(
  table: Readonly<Record<K, Words>>,
  languages: readonly Language[] = ['en', 'de', 'fr', 'es', 'it'],
): Readonly<Record<string, K>> {
  const found = new Map<string, K>();
  // SAFETY: the keys of the table are of this type.
  for (const name of Object.keys(table) as K[])
    for (const language of languages)
      for (const word of table[name][language] ?? []) if (!found.has(word)) found.set(word, name);
  return Object.fromEntries(found);
}
