/** What models are fitted to: a column of numbers per variable, categories as 0 and 1 against their first one. */
import { Matrix, QrDecomposition } from 'ml-matrix';

/** One value per patient; categories are told by their names, the first of `levels` is what others are compared with. */
export type Variable =
  | { readonly name: string; readonly kind: 'number'; readonly values: readonly number[] }
  | {
      readonly name: string;
      readonly kind: 'category';
      readonly values: readonly string[];
      readonly levels: readonly string[];
    };

export interface DesignColumn {
  /** "age", or "sex: male against female". */
  readonly name: string;
  readonly values: readonly number[];
}

export interface Design {
  readonly columns: readonly DesignColumn[];
  /** Variables that are the same for everybody, and so tell nothing. */
  readonly constant: readonly string[];
}

/** Levels that nobody has get no column. */
export function designOf(variables: readonly Variable[]): Design {
  const isConstant = ({ values }: Variable) => new Set<unknown>(values).size < 2;
  return {
    columns: variables.filter((variable) => !isConstant(variable)).flatMap(columnsOf),
    constant: variables.filter(isConstant).map(({ name }) => name),
  };
}

function columnsOf(variable: Variable): DesignColumn[] {
  if (variable.kind === 'number') return [{ name: variable.name, values: variable.values }];
  const { name, values } = variable;
  const [first, ...others] = variable.levels.filter((level) => values.includes(level));
  return others.map((level) => ({
    name: `${name}: ${level} against ${first}`,
    values: values.map((value) => Number(value === level)),
  }));
}

/** Each column less its mean, in units of its standard deviation, so that no model suffers from the units. */
export interface Standardised {
  /** Patients × columns. */
  readonly matrix: Matrix;
  readonly means: readonly number[];
  readonly sds: readonly number[];
}

/** No column is constant. */
export function standardised(columns: readonly DesignColumn[]): Standardised {
  const means = columns.map(({ values }) => values.reduce((a, b) => a + b, 0) / values.length);
  const sds = columns.map(({ values }, j) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - means[j]!) ** 2, 0) / values.length),
  );
  const rows =
    columns[0]?.values.map((_, i) => columns.map(({ values }, j) => (values[i]! - means[j]!) / sds[j]!)) ?? [];
  return { matrix: new Matrix(rows), means, sds };
}

/** A standardised column that lies this close to what the ones before it span follows from them. */
const DEPENDENT = 1e-7;

/** The first column that follows from the ones before it. */
export function dependentColumn(columns: readonly DesignColumn[]): string | undefined {
  if (columns.length < 2) return undefined;
  const { matrix } = standardised(columns);
  if (matrix.rows < matrix.columns) return undefined;
  const triangular = new QrDecomposition(matrix).upperTriangularMatrix;
  const found = columns.findIndex((_, j) => Math.abs(triangular.get(j, j)) < DEPENDENT * Math.sqrt(matrix.rows));
  return found < 0 ? undefined : columns[found]!.name;
}
