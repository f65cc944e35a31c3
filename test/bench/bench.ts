/** `npm run bench -- [inference|load]`: where the time goes, as ratios within one run. */
const [name = 'inference'] = process.argv.slice(2);
if (name === 'inference') await import('./inference.ts');
else if (name === 'load') await import('./load.ts');
else {
  console.error(`There is no bench "${name}": write inference or load.`);
  process.exitCode = 2;
}
