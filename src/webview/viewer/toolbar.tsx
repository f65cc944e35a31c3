/** The row of controls above the pictures. */
import type { JSX } from 'preact';
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { Button, Checkbox, Choice } from '../controls.tsx';
import { Range } from '../range.tsx';
import { copyPicture } from './copyPicture.ts';
import { FurtherControls } from './furtherControls.tsx';
import { planesThere } from './keptSlices.ts';
import { showPlane } from './planes.ts';
import { DEFAULT_TOOL, TOOLS } from './tools.ts';
import type { Viewer } from './viewer.ts';

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

const WINDOWS = Object.entries(HU_WINDOWS).map(([name, window]) => ({ name: capital(name), window }));

export function Toolbar({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  return (
    <div class="toolbar">
      <PlaneButtons viewer={viewer} />
      <WindowChoice viewer={viewer} />
      <ToolChoice viewer={viewer} />
      {viewer.view.overlay && <OverlayControls viewer={viewer} />}
      <FurtherControls viewer={viewer} />
      {viewer.openPatient && <PatientButtons viewer={viewer} />}
      <Button
        label="Copy"
        title="Copy the picture with slice and window (Ctrl+C)"
        testId="copy-picture"
        onClick={() => void copyPicture(viewer)}
      />
      {viewer.openEditor && (
        <Button
          label="Open in Editor"
          title="The same viewer as large as the window (O)"
          testId="open-editor"
          onClick={viewer.openEditor}
        />
      )}
      <Button
        label="?"
        title="Keys and mouse (?)"
        testId="help"
        pressed={viewer.isHelpOpen.value}
        onClick={() => {
          viewer.isHelpOpen.value = !viewer.isHelpOpen.peek();
        }}
      />
    </div>
  );
}

function PatientButtons({ viewer: { view, openPatient } }: { readonly viewer: Viewer }): JSX.Element {
  const { place, of } = view.among!;
  return (
    <fieldset class="group patient" aria-label="Patient">
      <Button
        label="‹"
        title="Patient before (P)"
        testId="patient-before"
        disabled={place === 0}
        onClick={() => openPatient?.(-1)}
      />
      <span>
        Patient {place + 1} / {of}
      </span>
      <Button
        label="›"
        title="Next patient (N)"
        testId="patient-next"
        disabled={place === of - 1}
        onClick={() => openPatient?.(1)}
      />
    </fieldset>
  );
}

function PlaneButtons({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const pane = viewer.active.value;
  return (
    <fieldset class="group" aria-label="Plane">
      {planesThere(viewer).map((p) => (
        <Button
          key={p}
          label={capital(p)}
          pressed={p === pane.plane.value}
          testId={`plane-${p}`}
          onClick={() => showPlane(viewer, p)}
        />
      ))}
    </fieldset>
  );
}

/** The numbers of one's own window stand in the picture. */
function WindowChoice({ viewer: { window } }: { readonly viewer: Viewer }): JSX.Element {
  const { centre, width } = window.value;
  const preset = WINDOWS.find(({ window: w }) => w.centre === centre && w.width === width);
  return (
    <Choice
      label="Display window"
      value={preset?.name ?? 'Own'}
      testId="window"
      options={[
        ...WINDOWS.map(({ name }) => ({ value: name, label: `${name} window` })),
        ...(preset ? [] : [{ value: 'Own', label: 'Own window' }]),
      ]}
      onChange={(name) => {
        window.value = WINDOWS.find((w) => w.name === name)?.window ?? window.peek();
      }}
    />
  );
}

function ToolChoice({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const { tool } = viewer;
  const offered = TOOLS.filter(({ isOffered }) => isOffered?.(viewer) ?? true);
  return (
    <Choice
      // The toolkit's list keeps a value that it has no entry for yet.
      key={offered.length}
      label="What dragging does"
      value={tool.value ?? DEFAULT_TOOL}
      testId="tool"
      options={offered.flatMap(({ id, label }) =>
        label === undefined ? [] : [{ value: id, label: `Drag: ${label}` }],
      )}
      onChange={(id) => {
        tool.value = id;
      }}
    />
  );
}

function OverlayControls({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  const { overlay, opacity, lobeLines, beside } = viewer.look.value;
  return (
    <>
      <span class="opacity">
        <Checkbox
          checked={overlay}
          label="Overlay"
          testId="overlay"
          onChange={(on) => viewer.change({ overlay: on })}
        />
        <Range
          min={0}
          max={100}
          value={Math.round(opacity * 100)}
          aria-label="Overlay opacity in percent"
          data-testid="opacity"
          disabled={!overlay}
          onInput={(event) => viewer.change({ opacity: Number(event.currentTarget.value) / 100 })}
        />
      </span>
      {viewer.panes.value.length === 1 && (
        <Checkbox
          checked={beside}
          label="Plain beside"
          testId="beside"
          onChange={(on) => viewer.change({ beside: on })}
        />
      )}
      <Checkbox
        checked={lobeLines}
        label={viewer.view.slices.some(({ zones }) => zones) ? 'Lobe and zone borders' : 'Lobe borders'}
        testId="lobe-lines"
        onChange={(on) => viewer.change({ lobeLines: on })}
      />
    </>
  );
}
