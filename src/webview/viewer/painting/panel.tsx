/** The row of controls with which masks are edited, below the toolbar. */
import type { JSX } from 'preact';
import type { EditingState } from '../../../protocol/painting/editing.ts';
import type { ShownClass } from '../../../protocol/shownClasses.ts';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import { Button, Checkbox, Choice } from '../../controls.tsx';
import { Range } from '../../range.tsx';
import { colourOf, cssColour } from '../palette.ts';
import { chooseTool } from '../tools.ts';
import type { Viewer } from '../viewer.ts';
import { type Painting, RADIUS_MM } from './painting.ts';
import { PAINTING_TOOLS, toggleEditing } from './tools.ts';

/** In the toolbar: begins and ends editing, or says why it cannot be. */
export function EditButton({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const { painting } = viewer;
  if (!painting) return null;
  const reason = painting.cannot.value;
  return (
    <Button
      label="Edit Masks"
      title={reason ?? 'Paint lobes and textures by hand (W)'}
      testId="edit-masks"
      disabled={reason !== undefined}
      pressed={painting.isOn.value}
      onClick={() => void toggleEditing(viewer)}
    />
  );
}

interface PanelProps {
  readonly viewer: Viewer;
  readonly painting: Painting;
}

export function PaintingPanel({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const { painting } = viewer;
  if (!painting?.isOn.value) return null;
  return (
    <section class="painting" aria-label="Edit masks" data-testid="painting">
      <div class="toolbar">
        <LayerChoice painting={painting} />
        <Labels painting={painting} />
        <ToolButtons viewer={viewer} />
        <Size painting={painting} />
        <Limits painting={painting} />
        <Acts viewer={viewer} painting={painting} />
      </div>
      <Standing painting={painting} />
    </section>
  );
}

function LayerChoice({ painting }: { readonly painting: Painting }): JSX.Element {
  return (
    <Choice
      label="What is painted"
      value={painting.brush.value.layer}
      testId="paint-layer"
      options={[
        { value: 'textures', label: 'Textures' },
        { value: 'lobes', label: 'Lobes' },
      ]}
      onChange={(layer) => painting.change({ layer: layer === 'lobes' ? 'lobes' : 'textures' })}
    />
  );
}

const swatchOf = ({ name, colour }: ShownClass) => ({
  background: cssColour(colourOf({ name, ...(colour && { colour }) })),
});

function Labels({ painting }: { readonly painting: Painting }): JSX.Element {
  const { label } = painting.brush.value;
  return (
    <fieldset class="group labels" aria-label="Label that is painted">
      {painting.labels().map((one, n) => (
        <button
          key={one.name}
          type="button"
          class="label-choice"
          title={`Paint ${one.label} (5 and 6 go through the labels)`}
          aria-label={one.label}
          aria-pressed={label === n + 1}
          data-testid={`paint-${one.name}`}
          onClick={() => painting.change({ label: n + 1 })}
        >
          <span class="swatch" style={swatchOf(one)} />
          {one.letter}
        </button>
      ))}
    </fieldset>
  );
}

const TOOL_TITLES: Readonly<Record<string, string>> = {
  brush: 'Paint the label (V)',
  eraser: 'Textures become normal lung, lobes no lung (V)',
  pick: 'Take the label at a place (Q)',
  island: 'What hangs together becomes normal lung, or no lung (K)',
};

function ToolButtons({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  return (
    <fieldset class="group" aria-label="Editing tool">
      {PAINTING_TOOLS.map(({ id, label }) => (
        <Button
          key={id}
          label={label ?? id}
          title={TOOL_TITLES[id] ?? ''}
          testId={`tool-${id}`}
          pressed={viewer.tool.value === id}
          onClick={() => {
            if (viewer.tool.peek() !== id) chooseTool(viewer, id);
          }}
        />
      ))}
    </fieldset>
  );
}

/** Small brushes are told apart by less than large ones: a slider of the logarithm. */
const STEPS = 100;
const GROWTH = Math.log(RADIUS_MM.most / RADIUS_MM.least) / STEPS;

function Size({ painting }: { readonly painting: Painting }): JSX.Element {
  const { radiusMm, isBall } = painting.brush.value;
  return (
    <>
      <span class="opacity" title="Radius of the brush (comma and full stop, or Shift and the wheel)">
        <Range
          min={0}
          max={STEPS}
          value={Math.round(Math.log(radiusMm / RADIUS_MM.least) / GROWTH)}
          aria-label="Radius of the brush"
          aria-valuetext={`${radiusMm} mm`}
          data-testid="brush-size"
          onInput={(event) => {
            const wanted = RADIUS_MM.least * Math.exp(GROWTH * Number(event.currentTarget.value));
            painting.change({ radiusMm: Math.round(wanted * 4) / 4 });
          }}
        />
        <span class="size">{formatNumber(radiusMm, 1)} mm</span>
      </span>
      <Checkbox
        checked={isBall}
        label="Ball (3D)"
        testId="brush-ball"
        onChange={(on) => painting.change({ isBall: on })}
      />
    </>
  );
}

function Limits({ painting }: { readonly painting: Painting }): JSX.Element {
  const { layer, withinLung, replaces, keepsToHu } = painting.brush.value;
  return (
    <>
      <Choice
        key={layer}
        label="What may be painted over"
        value={String(replaces ?? '')}
        testId="paint-over"
        options={[
          { value: '', label: 'Over everything' },
          ...(layer === 'lobes' ? [{ value: '0', label: 'Over no lung' }] : []),
          ...painting.labels().map((one, n) => ({ value: String(n + 1), label: `Over ${one.label}` })),
        ]}
        onChange={(value) => {
          const { replaces: _, ...rest } = painting.brush.peek();
          painting.brush.value = value === '' ? rest : { ...rest, replaces: Number(value) };
        }}
      />
      {layer === 'lobes' && (
        <Checkbox
          checked={withinLung}
          label="Only within lung"
          testId="within-lung"
          onChange={(on) => painting.change({ withinLung: on })}
        />
      )}
      <Checkbox
        checked={keepsToHu}
        label="Only HU"
        testId="keeps-to-hu"
        onChange={(on) => painting.change({ keepsToHu: on })}
      />
      {keepsToHu && <HuRange painting={painting} />}
    </>
  );
}

function HuRange({ painting }: { readonly painting: Painting }): JSX.Element {
  const { hu } = painting.brush.value;
  return (
    <span class="hu-range">
      {(['from', 'to'] as const).map((end, n) => (
        <input
          key={end}
          type="number"
          class="name-field"
          step={10}
          aria-label={`Hounsfield units ${end}`}
          data-testid={`hu-${end}`}
          value={hu[n]}
          onChange={({ currentTarget }) => {
            const value = currentTarget.valueAsNumber;
            if (!Number.isFinite(value)) currentTarget.value = String(hu[n]);
            else painting.change({ hu: n === 0 ? [value, Math.max(value, hu[1])] : [Math.min(value, hu[0]), value] });
          }}
        />
      ))}
    </span>
  );
}

function Acts({ viewer, painting }: PanelProps): JSX.Element {
  const state = painting.state.value;
  return (
    <>
      <Button
        label="Fill Between"
        title="Between slices of this plane on which the label was painted (U)"
        testId="fill-between"
        onClick={() => painting.fill(viewer.active.peek().plane.peek())}
      />
      <fieldset class="group" aria-label="Take back">
        <Button
          label="Undo"
          title="Ctrl+Z"
          testId="paint-undo"
          disabled={!state?.canUndo}
          onClick={() => painting.undo()}
        />
        <Button
          label="Redo"
          title="Ctrl+Y"
          testId="paint-redo"
          disabled={!state?.canRedo}
          onClick={() => painting.redo()}
        />
      </fieldset>
      <Button
        label="Save"
        title={state?.cannotSave ?? `Into “${state?.folder}” beside the notebook (Ctrl+S)`}
        testId="paint-save"
        primary={state?.isSaved === false}
        disabled={state?.cannotSave !== undefined || state?.isUntouched !== false}
        onClick={() => void painting.save()}
      />
      <Button
        label="Measure"
        title="Saves, and measures with the edited masks: the statements for it come into the notebook, and run"
        testId="paint-use"
        disabled={state?.cannotSave !== undefined || state?.isUntouched !== false}
        onClick={() => void painting.use()}
      />
    </>
  );
}

/** What was changed, and whether it is saved. */
function Standing({ painting }: { readonly painting: Painting }): JSX.Element | null {
  const state = painting.state.value;
  if (!state) return null;
  const changed = (['textures', 'lobes'] as const).flatMap((layer) => {
    const { changedVoxels, changedMl, since } = state.layers[layer];
    const voxels = `${formatNumber(changedVoxels, 0)} voxel${changedVoxels === 1 ? '' : 's'}`;
    return changedVoxels ? [`${layer}: ${voxels} (${formatNumber(changedMl, 2)} ml) changed since ${since}`] : [];
  });
  const told = changed.join(' · ');
  const bare = state.withoutTextureMl
    ? ` ${formatNumber(state.withoutTextureMl, 2)} ml of added lung have no texture: paint it.`
    : '';
  return (
    <p class="note standing" role="status" data-testid="painting-state" data-saved={state.isSaved}>
      <b>{savedText(state)}</b> {told && `${told[0]!.toUpperCase()}${told.slice(1)}.`}
      {bare}
      {!state.isUntouched && ' Tables and percentages follow with Measure.'}
    </p>
  );
}

function savedText({ isUntouched, isSaved, cannotSave }: EditingState): string {
  if (isUntouched) return 'Nothing edited yet.';
  if (isSaved) return 'Saved.';
  return cannotSave === undefined ? 'Not saved.' : `Not saved: ${cannotSave}`;
}
