import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../../src/kernel/base/task.ts';
import { discoverManifest } from '../../../../src/kernel/ct/cohort/manifest.ts';
import { readSeries } from '../../../../src/kernel/ct/cohort/readSeries.ts';
import { fetchStudies } from '../../../../src/kernel/ct/dicomWeb/fetchStudies.ts';
import { discoverCohort } from '../../../../src/kernel/ct/files/discover.ts';
import { openPath } from '../../../../src/kernel/verbs/load/openPath.ts';
import { asymmetricVolume, change, TAG, temporaryFolder, writeSeries } from '../helpers.ts';
import { hasOrthanc, LOGIN, type Orthanc, startOrthanc } from './orthanc.ts';

const STUDY = { P1: '2.25.101', P2: '2.25.102' } as const;
const STUDY_UID = '0020000D';

describe.skipIf(!hasOrthanc)('loading from a real DICOMweb server', () => {
  let orthanc: Orthanc;
  let folder: string;
  const volumes = { P1: asymmetricVolume(8, 6, 24), P2: asymmetricVolume(6, 8, 22) };
  beforeAll(async () => {
    folder = temporaryFolder();
    orthanc = await startOrthanc();
    for (const id of ['P1', 'P2'] as const) {
      const files = writeSeries(join(folder, id), volumes[id], `SECRET-${id}`);
      for (const file of files)
        change(file, (tags) => {
          tags[STUDY_UID] = { vr: 'UI', Value: [STUDY[id]] };
          tags[TAG.seriesUid] = { vr: 'UI', Value: [`${STUDY[id]}.1`] };
        });
      await orthanc.store(files);
    }
    // A second series of P1 that is no CT.
    const structures = join(folder, 'structures');
    mkdirSync(structures);
    const [file] = writeSeries(structures, asymmetricVolume(6, 6, 1), 'SECRET-P1');
    change(file!, (tags) => {
      tags[STUDY_UID] = { vr: 'UI', Value: [STUDY.P1] };
      tags[TAG.seriesUid] = { vr: 'UI', Value: [`${STUDY.P1}.2`] };
      tags[TAG.modality] = { vr: 'CS', Value: ['RTSTRUCT'] };
      tags['00080018'] = { vr: 'UI', Value: [`${STUDY.P1}.2.1`] };
    });
    await orthanc.store([file!]);
  }, 120_000);
  afterAll(async () => {
    await orthanc?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const servers = () => [{ url: orthanc.root, ...LOGIN }];
  const load = (path: string) => discoverCohort(`${orthanc.root}${path}`, unattended, { servers: servers() });

  it('gives the volume of a study that was stored, and passes over what is no CT', async () => {
    const { patients, problems } = await load(`/studies/${STUDY.P1}`);
    expect(patients.map(({ id, series }) => [id, series.length])).toEqual([['patient-1', 1]]);
    expect(problems.map(({ code }) => code).sort()).toEqual(['not-ct', 'numbered-patients']);
    const { volume } = await readSeries(patients[0]!.series[0]!, unattended);
    expect({ size: volume.size, hu: volume.hu }).toEqual({ size: volumes.P1.size, hu: volumes.P1.hu });
  });

  it('loads one series by its address', async () => {
    const { patients } = await load(`/studies/${STUDY.P2}/series/${STUDY.P2}.1`);
    expect(patients[0]!.series.map(({ size }) => size)).toEqual([volumes.P2.size]);
  });

  it.each([
    ['everything', '/', ['patient-1', 'patient-2']],
    ['studies by a search term', '/?PatientID=SECRET-P2', ['patient-1']],
    ['studies by a search at their own address', '/studies?PatientID=SECRET-P1', ['patient-1']],
  ])('finds %s, and calls patients by number', async (_, path, labels) => {
    const cohort = await load(path);
    expect(cohort.patients.map(({ id }) => id)).toEqual(labels);
    expect(JSON.stringify(cohort)).not.toMatch(/SECRET|2\.25\.10/);
  });

  it('names patients by a manifest, beside others from files', async () => {
    const rows = [
      { patient: 'Anna', path: `${orthanc.root}/studies/${STUDY.P1}`, line: 2 },
      { patient: 'Bert', path: join(folder, 'P2'), line: 3 },
      { patient: 'Cleo', path: `${orthanc.root}/studies/2.25.999`, line: 4 },
    ];
    const { patients, problems } = await discoverManifest('list.csv', rows, { servers: servers() }, unattended);
    expect(patients.map(({ id }) => id)).toEqual(['Anna', 'Bert']);
    expect(problems.map(({ code }) => code)).toEqual(['not-ct', 'web-not-found']);
    expect(problems[1]!.message).toMatch(/^list\.csv, line 4 \(Cleo\): /);
  });

  it('says how to log in where no login is set, and does not send one that is for another server', async () => {
    const elsewhere = [{ url: 'https://pacs.example.org/dicom-web', ...LOGIN }];
    for (const known of [[], elsewhere])
      await expect(
        discoverCohort(`${orthanc.root}/studies/${STUDY.P1}`, unattended, { servers: known }),
      ).rejects.toMatchObject({
        code: 'web-login',
        message: expect.stringContaining('LUNGNB_DICOMWEB_TOKEN'),
      });
  });

  it('says so where a login is refused', async () => {
    const wrong = [{ url: orthanc.root, user: LOGIN.user, password: 'wrong' }];
    await expect(discoverCohort(`${orthanc.root}/`, unattended, { servers: wrong })).rejects.toMatchObject({
      code: 'web-login',
      message: expect.stringContaining('refuses the login'),
    });
  });

  it('says that there is no such study', async () => {
    await expect(load('/studies/2.25.7')).rejects.toMatchObject({ code: 'web-not-found' });
  });

  it.each([
    [
      'whose every third request fails once',
      async (fails: boolean, body: Buffer, response: ServerResponse) =>
        void (fails ? response.writeHead(503).end() : response.end(body)),
    ],
    [
      'whose every third request breaks off once in the middle',
      async (fails: boolean, body: Buffer, response: ServerResponse) => {
        if (!fails) return void response.end(body);
        response.write(body.subarray(0, body.length >> 1), () => response.destroy());
      },
    ],
    [
      'that is slow, for longer than it may be silent',
      async (_: boolean, body: Buffer, response: ServerResponse) => {
        const part = Math.ceil(body.length / 4);
        for (let at = 0; at < body.length; at += part) {
          response.write(body.subarray(at, at + part));
          await delay(400);
        }
        response.end();
      },
    ],
  ])(
    'gives the same volume through a line %s',
    async (_, answer) => {
      const line = await badLine(new URL(orthanc.root).origin, answer);
      const root = `${line.origin}/dicom-web`;
      const patience = { silenceMs: 1000, slowestBytesPerSecond: 10, pauseMs: 1 };
      const { files } = await fetchStudies(`${root}/studies/${STUDY.P1}`, [{ url: root, ...LOGIN }], unattended, {
        timeouts: patience,
      });
      line.server.close();
      const fetched = temporaryFolder();
      for (const file of files) copyFileSync(file, join(fetched, basename(file)));
      const { patients } = await discoverCohort(fetched, unattended);
      expect((await readSeries(patients[0]!.series[0]!, unattended)).volume.hu).toEqual(volumes.P1.hu);
      rmSync(fetched, { recursive: true });
    },
    60_000,
  );

  it('stops at once when asked to', async () => {
    const controller = new AbortController();
    const progress = (_: number, message: string) => {
      if (/fetching images: 3 /.test(message)) controller.abort();
    };
    const address = `${orthanc.root}/`;
    await expect(
      discoverCohort(address, { signal: controller.signal, progress }, { servers: servers() }),
    ).rejects.toThrow(/abort/i);
  });

  it('reads a manifest file of addresses by its verb’s own door', async () => {
    const file = join(folder, 'manifest.csv');
    writeFileSync(file, `Patient,Path,age\nAnna,${orthanc.root}/studies/${STUDY.P1},61\nBert,P2,58\n`);
    const opened = await openPath(file, { resolvePath: (path) => join(folder, path), servers: servers() }, unattended);
    if (opened.kind !== 'cohort') throw new Error('the manifest was read as a table');
    expect(opened.cohort.patients.map(({ id }) => id)).toEqual(['Anna', 'Bert']);
    expect(opened.cohort.problems.map(({ code }) => code)).toEqual(['manifest-columns', 'not-ct']);
  });
});

/** A server that hands requests on to another one, and its answers back as `answer` does; every third address fails when it is first asked for. */
async function badLine(
  origin: string,
  answer: (fails: boolean, body: Buffer, response: ServerResponse) => Promise<void>,
): Promise<{ readonly origin: string; readonly server: Server }> {
  const asked = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const fails = !asked.has(request.url) && asked.add(request.url).size % 3 === 0;
    const headers = { accept: request.headers.accept ?? '', authorization: request.headers.authorization ?? '' };
    void fetch(`${origin}${request.url}`, { headers }).then(async (real) => {
      response.setHeader('content-type', real.headers.get('content-type') ?? '');
      response.statusCode = real.status;
      await answer(fails, Buffer.from(await real.arrayBuffer()), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, server };
}
