/** A Slurm of three computers on this one: munged, slurmctld and three slurmd on loopback, as whoever runs the tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch'];
/** Debian puts daemons where only root looks. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

export const HAS_SLURM = PROGRAMS.every(
  (program) => spawnSync('which', [program], { env: { ...process.env, PATH } }).status === 0,
);

export interface SlurmCluster {
  /** For programs that shall use it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Every task that begins waits until `release`; one of the partition `endless` sleeps until it is killed. */
  hold(): void;
  release(): void;
  /** Ends a computer at once, with what it runs. */
  kill(node: string): void;
  start(node: string): void;
  /** Starts a computer whose disk is full at the place of this folder. Needs the rights to mount. */
  startFull(node: string, fullFolder: string): void;
  /** What a command of Slurm prints. */
  ask(command: string, ...args: readonly string[]): string;
  stop(): Promise<void>;
}

export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-slurm-'));
  const conf = join(folder, 'slurm.conf');
  const hold = join(folder, 'hold');
  const environment = { ...process.env, PATH, SLURM_CONF: conf };
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, [...args], { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  for (const name of ['state', 'log']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  // What a task of the job starts with: held back as long as the file is there.
  writeFileSync(join(folder, 'prolog.sh'), `#!/bin/sh\nwhile [ -e '${hold}' ]; do sleep 0.1; done\n`, { mode: 0o755 });
  const endless = '#!/bin/sh\n[ "$SLURM_JOB_PARTITION" != endless ] || sleep 600\n';
  writeFileSync(join(folder, 'task.sh'), endless, { mode: 0o755 });
  writeFileSync(conf, configuration(folder, await freePorts(NODES.length + 1)));
  const start = (node: string) => void run('slurmd', ['-N', node]);
  const pidOf = (name: string) => Number(readFileSync(join(folder, `${name}.pid`), 'utf8'));
  run('munged', mungeArguments(folder));
  run('slurmctld', ['-c']);
  for (const node of NODES) start(node);
  const cluster: SlurmCluster = {
    environment,
    hold: () => writeFileSync(hold, ''),
    release: () => rmSync(hold, { force: true }),
    kill(node) {
      const pid = pidOf(node);
      // Its tasks are its children's children, each in a session of their own.
      for (const process of [...descendants(pid), pid]) killIfThere(process);
    },
    start,
    startFull: (node, fullFolder) =>
      void run('unshare', [
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o size=4k none "$1" && dd if=/dev/zero of="$1/full" bs=4k count=1 2>/dev/null; exec slurmd -N "$0"`,
        node,
        fullFolder,
      ]),
    ask: (command, ...args) => run(command, args),
    async stop() {
      for (const pid of usersOf(conf)) killIfThere(pid);
      await wait(200);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  for (let tries = 0; !/idle/.test(cluster.ask('sinfo', '--noheader', '--format=%T')) && tries < 100; tries++)
    await wait(100);
  return cluster;
}

const NODES = ['node1', 'node2', 'node3'];

function mungeArguments(folder: string): string[] {
  const file = (name: string) => join(folder, name);
  return [
    '--force',
    `--key-file=${file('munge.key')}`,
    `--socket=${file('munge.socket')}`,
    `--pid-file=${file('munged.pid')}`,
    `--log-file=${file('log/munged.log')}`,
    `--seed-file=${file('munge.seed')}`,
  ];
}

/** Times are short: a computer that is silent for 5 s is down, and its tasks may begin anew 5 s later. */
function configuration(folder: string, [controller, ...nodes]: readonly number[]): string {
  const user = userInfo().username;
  return `ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=${controller}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
SlurmUser=${user}
SlurmdUser=${user}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/%n.log
Prolog=${folder}/prolog.sh
TaskProlog=${folder}/task.sh
PrologFlags=NoHold
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=5
KillWait=1
OverTimeLimit=0
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
SchedulerParameters=sched_interval=1,batch_sched_delay=0,requeue_delay=1
${NODES.map((name, n) => `NodeName=${name} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${nodes[n]} CPUs=1 RealMemory=1000`).join('\n')}
PartitionName=main Nodes=node1,node2 Default=YES State=UP
PartitionName=endless Nodes=node3 State=UP
`;
}

/** Every process that was started for this cluster: its daemons, its tasks, and whoever waits for them. */
function usersOf(conf: string): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return all.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SLURM_CONF=${conf}`);
    } catch {
      // It has ended.
      return false;
    }
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  // SAFETY: a server that listens on TCP has an address with a port.
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (children === '') return [];
  const own = children.split(' ').map(Number);
  return [...own.flatMap(descendants), ...own];
}
