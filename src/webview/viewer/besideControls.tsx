/** Of two CTs side by side: whether they scroll together, and whether only what differs is coloured. */
import type { JSX } from 'preact';
import type { MatchedBy } from '../../protocol/view.ts';
import { Checkbox } from '../controls.tsx';
import type { Viewer } from './viewer.ts';

const MATCHED: Readonly<Record<MatchedBy, string>> = {
  'same-ct': 'Slice by slice: both are one CT.',
  registered: 'Voxel by voxel: the second CT is moved to where the first has the same tissue.',
  lungs: 'At the same level of the lungs, from their base to their apex.',
  mm: 'By millimetres from the middle of the scans: too little lung is seen in one of them.',
};

export function BesideControls({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const { link, view, look } = viewer;
  if (!link || !view.beside) return null;
  const { by, view: other } = view.beside;
  const offset = link.offset.value;
  return (
    <>
      <span title={`${MATCHED[by]} Unlock, scroll one of them and lock again to set another level.`}>
        <Checkbox
          checked={link.isLocked.value}
          label={`Scroll together${offset ? ` (${offset > 0 ? '+' : '−'}${Math.abs(offset)})` : ''}`}
          testId="link"
          onChange={(on) => link.setLocked(on)}
        />
      </span>
      {(by === 'same-ct' || by === 'registered') && view.overlay && other.overlay && (
        <Checkbox
          checked={look.value.difference}
          label="Differences only"
          testId="difference"
          onChange={(on) => viewer.change({ difference: on })}
        />
      )}
    </>
  );
}
