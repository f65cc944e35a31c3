/** `npm run bench -- [inference|cohort|load|describe [PATIENTS]|agree|interact|large|draw|kept [PATIENTS]|write|open|scale PATH]`: where the time goes, as ratios within one run, or in milliseconds. */
const [name = 'inference'] = process.argv.slice(2);
if (name === 'inference') await import('./inference.ts');
else if (name === 'cohort') await import('./cohort.ts');
else if (name === 'load') await import('./load.ts');
else if (name === 'describe') await import('./describe.ts');
else if (name === 'agree') await import('./agree.ts');
else if (name === 'interact') await import('./interact.ts');
else if (name === 'large') await import('./large.ts');
else if (name === 'draw') await import('./draw.ts');
else if (name === 'kept') await import('./kept.ts');
else if (name === 'write') await import('./write.ts');
else if (name === 'open') await import('./open.ts');
else if (name === 'scale') await import('./scale.ts');
else {
  console.error(
    `There is no bench "${name}": write inference, cohort, load, describe, agree, interact, large, draw, kept, write, open or scale.`,
  );
  process.exitCode = 2;
}
