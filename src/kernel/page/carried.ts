/** Values on their way into an HTML page, and as the page takes them up again: cell for cell the same. */
import { type ColumnTable, table as tableOf } from 'arquero';
import type {
  CarriedCell,
  CarriedMeasurements,
  CarriedTable,
  CarriedTableValue,
  CarriedValue,
} from '../../protocol/page/computing.ts';
import type { MeasuredSeries, MeasurementsValue, TableValue, Value } from '../values/value.ts';

/** Whether a page can have it: no CTs and masks, and nothing that computes from them whenever it is asked. */
export function canBeCarried(value: Value): boolean {
  if (value.kind === 'table') return !(value.statistics || value.summary || value.figures || value.registered);
  return value.kind === 'measurements' || value.kind === 'parameter';
}

/** Undefined where a page cannot have it. */
export function carried(value: Value): CarriedValue | undefined {
  if (!canBeCarried(value)) return undefined;
  switch (value.kind) {
    case 'parameter':
      return value;
    case 'measurements':
      return carriedMeasurements(value);
    case 'table':
      return carriedTableValue(value);
    default:
      return undefined;
  }
}

function carriedMeasurements(value: MeasurementsValue): CarriedMeasurements {
  const { table, density, structures, levels, measured, ...rest } = value;
  return plain({
    ...rest,
    table: carriedTable(table),
    density: carriedTable(density),
    ...(structures && { structures: carriedTable(structures) }),
    ...(levels && { levels: carriedTable(levels) }),
    measured: measured.map(withoutFiles),
  });
}

function carriedTableValue({ table, measurements, ...rest }: TableValue): CarriedTableValue {
  return plain({
    ...rest,
    table: carriedTable(table),
    ...(measurements && { measurements: carriedMeasurements(measurements) }),
  });
}

/** What tables, groups, visits and handles ask of a CT: no file, no place on a disk, no model but its own classes. */
function withoutFiles({ patient, series, cacheKey, sha256, decisions, models: { textures } }: MeasuredSeries) {
  const { id, visit, days, convolutionKernel, scanner, sliceThicknessMm } = series;
  return {
    patient,
    series: { id, visit, days, convolutionKernel, scanner, sliceThicknessMm },
    cacheKey,
    sha256,
    decisions,
    models: { textures: ownClassesOf(textures) },
  };
}

function ownClassesOf(textures: MeasuredSeries['models']['textures']) {
  if ('manifest' in textures) {
    const { manifest } = textures;
    return { manifest: { task: manifest.task, ...(manifest.task === 'textures' && { classes: manifest.classes }) } };
  }
  return {
    files: textures.files.map(({ edited }) => ({
      edited: edited && { layer: edited.layer, ownClasses: edited.ownClasses },
    })),
  };
}

/** Through JSON, as it comes out of a page: what is undefined is not there. */
function plain<T>(value: T): T {
  // SAFETY: of texts, numbers, truth values, lists and objects of these, which JSON gives back.
  return JSON.parse(JSON.stringify(value)) as T;
}

function carriedTable(table: ColumnTable): CarriedTable {
  return table.columnNames().map((name) => {
    const cells = Array.from(table.array(name), carriedCell);
    const places = new Map<string, number>();
    const words: CarriedCell[] = [];
    const rows = cells.map((cell) => {
      const key = JSON.stringify(cell);
      const place = places.get(key) ?? words.push(cell) - 1;
      places.set(key, place);
      return place;
    });
    // Numbers of three digits cost no more than their places.
    const isWorthIt = words.length * 2 < cells.length && words.some((word) => typeof word === 'string');
    return isWorthIt ? { name, words, rows } : { name, cells };
  });
}

function carriedCell(value: unknown): CarriedCell {
  if (value === undefined) return ['undefined'];
  if (value instanceof Date) return ['date', String(value.getTime())];
  if (typeof value === 'bigint') return ['bigint', String(value)];
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : ['number', Object.is(value, -0) ? '-0' : `${value}`];
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new Error('a cell of a table holds a list or an object');
}

/** The value that was carried. */
export function takenUp(value: CarriedValue): Value {
  switch (value.kind) {
    case 'parameter':
      return value;
    case 'measurements':
      return measurementsTakenUp(value);
    case 'table': {
      const { table, measurements, ...rest } = value;
      // SAFETY: `carried` made it of a value of this kind, and took away what may be absent alone.
      return {
        ...rest,
        table: tableTakenUp(table),
        ...(measurements && { measurements: measurementsTakenUp(measurements) }),
      } as TableValue;
    }
  }
}

function measurementsTakenUp(value: CarriedMeasurements): MeasurementsValue {
  const { table, density, structures, levels, ...rest } = value;
  // SAFETY: as above; of the CTs there is what verbs of tables ask for, and what asks for more is in no page.
  return {
    ...rest,
    table: tableTakenUp(table),
    density: tableTakenUp(density),
    ...(structures && { structures: tableTakenUp(structures) }),
    ...(levels && { levels: tableTakenUp(levels) }),
  } as MeasurementsValue;
}

function tableTakenUp(columns: CarriedTable): ColumnTable {
  return tableOf(
    columns.map((column) => [
      column.name,
      'words' in column ? column.rows.map((place) => cellTakenUp(column.words[place]!)) : column.cells.map(cellTakenUp),
    ]),
  );
}

function cellTakenUp(cell: CarriedCell): unknown {
  if (typeof cell !== 'object' || cell === null) return cell;
  const [kind, written] = cell;
  switch (kind) {
    case 'undefined':
      return undefined;
    case 'date':
      return new Date(Number(written));
    case 'bigint':
      return BigInt(written!);
    case 'number':
      return Number(written);
  }
}
