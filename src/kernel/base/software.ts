/** Name and version of the software, as provenance states them. Kept equal to package.json by a test. */
export const SOFTWARE_VERSION = '0.1.0';
export const SOFTWARE = `LungNB ${SOFTWARE_VERSION}`;
