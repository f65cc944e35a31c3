/** The rows of a table: those that travel with the notebook, and once they were asked for, all of them. */
import { useState } from 'preact/hooks';
import type { TableView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';

interface Fetched {
  readonly handle: string;
  /** Undefined while they are on their way. */
  readonly rows?: TableView['rows'];
  readonly problem?: string;
}

export interface AllRows {
  readonly rows: TableView['rows'];
  readonly isFetching: boolean;
  /** Why there are no more of them. */
  readonly problem: string | undefined;
  /** Asks the kernel for the others, where there are any and nobody has asked yet; gives what there is then. */
  readonly askForAll: () => Promise<TableView['rows']>;
}

export function useAllRows({ rows, handle }: TableView, { requestRows }: Messaging): AllRows {
  const [fetched, setFetched] = useState<Fetched>();
  // Of this table, and not of one that stood here before.
  const own = fetched?.handle === handle ? fetched : undefined;
  const askForAll = async () => {
    if (handle === undefined || own?.rows) return own?.rows ?? rows;
    setFetched({ handle });
    const reply = await requestRows({ handle });
    setFetched((now) => (now?.handle === handle ? { handle, ...reply } : now));
    return 'rows' in reply ? reply.rows : rows;
  };
  return {
    rows: own?.rows ?? rows,
    isFetching: own !== undefined && !own.rows && !own.problem,
    problem: own?.problem,
    askForAll,
  };
}
