/** Turns of the wheel as slices: small steps add up, none is lost, and the first one of a turn shows at once. */

/** A notch of a mouse wheel as browsers count it, events that came together in one added up. */
const NOTCH = 120;
/** A touchpad's fingers move by this much for a slice; browsers call its smallest steps a notch too. */
const SLICE_PX = 40;
/** Where the browser counts in lines instead (Firefox). */
const NOTCH_LINES = 3;
/** After this long without an event the next one begins a turn. */
const PAUSE_MS = 250;

export type WheelLike = Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'timeStamp'> & { readonly wheelDeltaY?: number };

/** Calls give the whole slices to move by: positive away from the user, which is towards the head. */
export function createWheelCount(): (event: WheelLike) => number {
  let rest = 0;
  let last = Number.NEGATIVE_INFINITY;
  let way = 0;
  return (event) => {
    const notches = notchesOf(event);
    const begins = event.timeStamp - last > PAUSE_MS || Math.sign(notches) !== way;
    last = event.timeStamp;
    way = Math.sign(notches);
    rest = begins ? notches : rest + notches;
    // The first is a whole step however small it is; what it lacks is taken from those that follow.
    const whole = Math.trunc(rest + way * 1e-6);
    const steps = begins && whole === 0 ? way : whole * way > 0 ? whole : 0;
    rest -= steps;
    return steps;
  };
}

function notchesOf({ deltaY, deltaMode, wheelDeltaY = -NOTCH * Math.sign(deltaY) }: WheelLike): number {
  if (deltaMode !== 0) return deltaMode === 1 ? -deltaY / NOTCH_LINES : -deltaY;
  return -Math.sign(deltaY) * Math.min(Math.abs(wheelDeltaY) / NOTCH, Math.abs(deltaY) / SLICE_PX);
}
