/** Controls of planes, slabs, cine, two CTs and drawings, in the row above the pictures. */
import type { JSX } from 'preact';
import { Button } from '../controls.tsx';
import { BesideControls } from './besideControls.tsx';
import { CineControls } from './cineControls.tsx';
import { DRAWING_TOOLS } from './drawings/tools.ts';
import { hasAllSlices, isScrolled } from './keptSlices.ts';
import { EditButton } from './painting/panel.tsx';
import { setThreePlanes } from './planes.ts';
import { SlabChoice } from './slabChoice.tsx';
import { chooseTool } from './tools.ts';
import type { Viewer } from './viewer.ts';

export function FurtherControls({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const { isThreePlanes } = viewer;
  const hasAll = hasAllSlices(viewer);
  return (
    <>
      {!viewer.link && hasAll && (
        <Button
          label="Three planes"
          title="Axial, coronal and sagittal together, with a crosshair (T)"
          testId="three-planes"
          pressed={isThreePlanes.value}
          onClick={() => setThreePlanes(viewer, !isThreePlanes.value)}
        />
      )}
      <BesideControls viewer={viewer} />
      {hasAll && <SlabChoice viewer={viewer} />}
      {isScrolled(viewer.active.value) && <CineControls viewer={viewer} />}
      <EditButton viewer={viewer} />
      <fieldset class="group" aria-label="Measure">
        {DRAWING_TOOLS.map(({ id, label }) => (
          <Button
            key={id}
            label={label!}
            title={`Measure: draw a ${label!.toLowerCase()} on the slice`}
            testId={`draw-${id}`}
            pressed={viewer.tool.value === id}
            onClick={() => chooseTool(viewer, id)}
          />
        ))}
      </fieldset>
    </>
  );
}
