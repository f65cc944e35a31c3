/**
 * A run of a notebook as a Workflow Run RO-Crate: `ro-crate-metadata.json`, which says in schema.org's words what was run,
 * on what, with what, and what came of it (RO-Crate 1.1; profile "Workflow Run Crate" 0.5,
 * https://w3id.org/ro/wfrun/workflow/0.5). Inputs stay where they are: the crate holds their digests.
 */
import type { NotebookProvenance } from '../../protocol/notebook.ts';
import type { ModelProvenance } from '../../protocol/view.ts';

export interface CrateFile {
  /** Its path within the crate. */
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
}

export interface CrateRun {
  readonly title: string;
  /** The notebook as it was run. */
  readonly workflow: CrateFile;
  readonly outputs: readonly CrateFile[];
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly provenance: NotebookProvenance | undefined;
  readonly software: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  /** What went wrong, where a cell failed. */
  readonly failed?: string;
}

type Entity = Readonly<Record<string, unknown>> & { readonly '@id': string };

const PROFILES = {
  'https://w3id.org/ro/wfrun/process/0.5': 'Process Run Crate',
  'https://w3id.org/ro/wfrun/workflow/0.5': 'Workflow Run Crate',
  'https://w3id.org/workflowhub/workflow-ro-crate/1.0': 'Workflow RO-Crate',
};
const CRATE = 'https://w3id.org/ro/crate/1.1';
const LANGUAGE = '#lungnb-language';
const PROGRAM = '#lungnb';
const LICENCE = '#licence';
const BIOSCHEMAS = 'https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE';

/** The JSON-LD of the whole file. */
export function crateMetadata(run: CrateRun): object {
  const inputs = inputEntities(run.provenance);
  const models = (run.provenance?.models ?? []).flatMap(modelEntities);
  const parameters = Object.entries(run.parameters).flatMap(([name, value]) => parameterEntities(name, value));
  const ofType = (type: string, entities: readonly Entity[]) => entities.filter((entity) => entity['@type'] === type);
  const outputs = run.outputs.map(fileEntity);
  return {
    '@context': `${CRATE}/context`,
    '@graph': [
      descriptor(),
      root(run),
      ...Object.entries(PROFILES).map(([id, name]) => ({
        '@id': id,
        '@type': 'CreativeWork',
        name,
        version: id.split('/').at(-1),
      })),
      workflow(run, ofType('FormalParameter', parameters)),
      licence(),
      language(),
      program(run),
      action(run, [...ofType('CreativeWork', [...inputs, ...models]), ...ofType('PropertyValue', parameters)]),
      ...inputs,
      ...models,
      ...parameters,
      ...outputs,
    ],
  };
}

function descriptor(): Entity {
  return {
    '@id': 'ro-crate-metadata.json',
    '@type': 'CreativeWork',
    conformsTo: refs([CRATE, 'https://w3id.org/workflowhub/workflow-ro-crate/1.0']),
    about: ref('./'),
  };
}

function root({ title, workflow, outputs, ended }: CrateRun): Entity {
  return {
    '@id': './',
    '@type': 'Dataset',
    name: title,
    description: `A run of the notebook ${workflow.name} with its results. Research only: not a medical device.`,
    datePublished: ended,
    license: ref(LICENCE),
    conformsTo: refs(Object.keys(PROFILES)),
    hasPart: refs([workflow.path, ...outputs.map(({ path }) => path)]),
    mainEntity: ref(workflow.path),
    mentions: ref('#run'),
  };
}

function workflow({ workflow: { path, name, mediaType } }: CrateRun, formal: readonly Entity[]): Entity {
  return {
    '@id': path,
    '@type': ['File', 'SoftwareSourceCode', 'ComputationalWorkflow'],
    name,
    encodingFormat: mediaType,
    conformsTo: ref(BIOSCHEMAS),
    programmingLanguage: ref(LANGUAGE),
    softwareRequirements: ref(PROGRAM),
    ...(formal.length ? { input: refs(formal.map((entity) => entity['@id'])) } : {}),
  };
}

/** Only who publishes the crate can say under which licence. */
function licence(): Entity {
  return {
    '@id': LICENCE,
    '@type': 'CreativeWork',
    name: 'No licence stated',
    description: 'Whoever publishes this crate chooses its licence. Models and inputs keep their own.',
  };
}

function language(): Entity {
  return {
    '@id': LANGUAGE,
    '@type': 'ComputerLanguage',
    name: 'LungNB notebook',
    description: 'A notebook whose cells measure chest CTs and compare the measurements with readers.',
  };
}

function program({ software: { name, version } }: CrateRun): Entity {
  return { '@id': PROGRAM, '@type': 'SoftwareApplication', name, softwareVersion: version };
}

function action(
  { workflow: { path, name }, outputs, started, ended, failed }: CrateRun,
  objects: readonly Entity[],
): Entity {
  const status = failed === undefined ? 'CompletedActionStatus' : 'FailedActionStatus';
  return {
    '@id': '#run',
    '@type': 'CreateAction',
    name: `Run of ${name}`,
    description: failed === undefined ? `All cells of ${name} ran.` : `A cell of ${name} failed.`,
    instrument: ref(path),
    object: refs(objects.map((entity) => entity['@id'])),
    result: refs(outputs.map((file) => file.path)),
    startTime: started,
    endTime: ended,
    actionStatus: `http://schema.org/${status}`,
    ...(failed === undefined ? {} : { error: failed }),
  };
}

/** Inputs of the same content are one, under all their names. */
function inputEntities(provenance: NotebookProvenance | undefined): Entity[] {
  const inputs = Object.entries(provenance?.inputs ?? {});
  return [...new Set(inputs.map(([, sha256]) => sha256))].flatMap((sha256) => {
    const id = `#input-${sha256}`;
    const names = inputs.flatMap(([name, own]) => (own === sha256 ? [name] : []));
    const name = names.length === 1 ? names[0] : names;
    return [{ '@id': id, '@type': 'CreativeWork', name, identifier: ref(`${id}-digest`) }, digest(id, sha256)];
  });
}

function modelEntities({ id: name, version, sha256, licence }: ModelProvenance): Entity[] {
  const id = `#model-${sha256}`;
  const described = { '@id': id, '@type': 'CreativeWork', name, version, license: licence };
  return [{ ...described, identifier: ref(`${id}-digest`) }, digest(id, sha256)];
}

function digest(of: string, sha256: string): Entity {
  return { '@id': `${of}-digest`, '@type': 'PropertyValue', propertyID: 'SHA-256', name: 'SHA-256', value: sha256 };
}

/** The parameter of the notebook, and the value that it had. */
function parameterEntities(name: string, value: number | string | boolean): Entity[] {
  const [id, ofValue] = [`#parameter-${name}`, `#value-${name}`];
  const type = typeof value === 'number' ? 'Number' : typeof value === 'boolean' ? 'Boolean' : 'Text';
  return [
    { '@id': id, '@type': 'FormalParameter', name, additionalType: type, workExample: ref(ofValue) },
    { '@id': ofValue, '@type': 'PropertyValue', name, value, exampleOfWork: ref(id) },
  ];
}

function fileEntity({ path, name, mediaType }: CrateFile): Entity {
  return { '@id': path, '@type': 'File', name, encodingFormat: mediaType };
}

function ref(id: string) {
  return { '@id': id };
}

/** One stands alone, several as a list, as RO-Crate recommends. */
function refs(ids: readonly string[]) {
  return ids.length === 1 ? ref(ids[0]!) : ids.map(ref);
}
