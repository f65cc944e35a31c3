/** Starts and stops cine, and says how fast it goes. */
import type { JSX } from 'preact';
import { Button, Choice } from '../controls.tsx';
import { CINE_SPEEDS } from './cine.ts';
import type { Viewer } from './viewer.ts';

export function CineControls({ viewer: { cine } }: { readonly viewer: Viewer }): JSX.Element {
  const isPlaying = cine.isPlaying.value;
  return (
    <fieldset class="group" aria-label="Cine">
      <Button
        label={isPlaying ? 'Pause' : 'Cine'}
        title={`${isPlaying ? 'Stop' : 'Run through'} the slices (C)`}
        testId="cine"
        pressed={isPlaying}
        onClick={() => {
          cine.isPlaying.value = !isPlaying;
        }}
      />
      {isPlaying && (
        <Choice
          label="Slices a second"
          value={String(cine.speed.value)}
          testId="cine-speed"
          options={CINE_SPEEDS.map((speed) => ({ value: String(speed), label: `${speed} / s` }))}
          onChange={(value) => {
            cine.speed.value = Number(value);
          }}
        />
      )}
    </fieldset>
  );
}
