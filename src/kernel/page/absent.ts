/** What a page says of a statement that needs more than tables. */
import { UserError } from '../base/userError.ts';

/** Throws a UserError. */
export function absent(): never {
  throw new UserError(
    'needs-computer',
    'This needs CTs, files or networks, which a page does not have. Run the notebook to have it computed.',
  );
}
