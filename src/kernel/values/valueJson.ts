/** What a name stands for, with its provenance, as `lungnb run --json` writes it; cells that are empty are null, so that every row has every column. */
import type { ColumnTable } from 'arquero';
import { rowsOf } from '../tables/rows.ts';
import { sentencesOf } from './remarks.ts';
import { statisticsOf } from './statistics.ts';
import type { Value } from './value.ts';

/** Undefined for a cohort, whose CTs are no rows. */
export function valueJson(value: Value): object | undefined {
  switch (value.kind) {
    case 'cohort':
      return undefined;
    case 'masks': {
      const { kind, masks, provenance } = value;
      const rows = masks.files.map(({ kind: form, segments, owner }) => ({
        patient: owner.label,
        form,
        structures: segments.map(({ structure }) => structure),
      }));
      return { kind, rows, provenance };
    }
    case 'parameter':
      return value;
    case 'table': {
      const { kind, table, statistics, provenance } = value;
      return { kind, rows: rowsIn(table), ...(statistics && { statistics: rowsIn(statistics(table)) }), provenance };
    }
    case 'measurements': {
      const { kind, table, density, structures, levels, flags, provenance } = value;
      const beside = {
        ...(structures && { structures: rowsIn(structures) }),
        ...(levels && { levels: rowsIn(levels) }),
      };
      return { kind, rows: rowsIn(table), density: rowsIn(density), ...beside, flags, provenance };
    }
    case 'agreement': {
      const { kind, table, remarks, provenance } = value;
      const [statistics, notes] = [rowsIn(statisticsOf(value)), [...sentencesOf(remarks), ...value.notes(value.pairs)]];
      return { kind, rows: rowsIn(table), statistics, notes, provenance };
    }
  }
}

function rowsIn(table: ColumnTable): object[] {
  return rowsOf(table).map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, cell ?? null])),
  );
}
