/** `npm run bench -- [inference|load|agree|interact]`: where the time goes, as ratios within one run. */
const [name = 'inference'] = process.argv.slice(2);
if (name === 'inference') await import('./inference.ts');
else if (name === 'load') await import('./load.ts');
else if (name === 'agree') await import('./agree.ts');
else if (name === 'interact') await import('./interact.ts');
else {
  console.error(`There is no bench "${name}": write inference, load, agree or interact.`);
  process.exitCode = 2;
}
