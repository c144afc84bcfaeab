import { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { configPath } from './kwokctl.ts';
import { networkFolderPrefix, type Place, placeNamed, workDirectoryOf } from './place.ts';

const patienceMs = 5_000;
const pollMs = 20;

/**
 * Ends the processes of a control plane and removes its files. Nothing is asked to end: the data goes
 * with it, and an API server that loses its etcd to a TERM takes 10 s.
 */
export async function endControlPlane(host: Host, place: Place): Promise<void> {
  // First who may still be starting the others. All are found by their command lines: kwokctl writes a
  // pid down only after the start, and may be killed in between.
  await killAll(host, (argv) => argv.includes(`--config=${configPath(place)}`));
  await killAll(host, ([program]) => program?.startsWith(`${place.kwokDirectory}/bin/`) === true);
  await removeNetworkSocket(host, place);
  await host.files.remove(place.kwokDirectory);
  await host.files.remove(place.directory);
}

/** Ends whatever a daemon that was killed left of its control planes. Resolves to their ids. */
export async function endLeftControlPlanes(
  host: Host,
  sandboxDirectory: string,
): Promise<readonly string[]> {
  const workDirectory = workDirectoryOf(sandboxDirectory);
  if ((await host.files.stat(workDirectory)) === undefined) return [];
  const ids = new Set<string>();
  for (const folder of ['settings', 'clusters']) {
    const path = `${workDirectory}/${folder}`;
    if ((await host.files.stat(path)) === undefined) continue;
    for (const { name } of await host.files.list(path)) ids.add(name);
  }
  for (const id of ids) await endControlPlane(host, placeNamed(sandboxDirectory, id));
  await host.files.remove(workDirectory);
  return [...ids];
}

/** The processes that kwokctl started, by the component's name. */
export async function componentPids(host: Host, place: Place): Promise<Map<string, number>> {
  const pids = new Map<string, number>();
  const folder = `${place.kwokDirectory}/pids`;
  if ((await host.files.stat(folder)) === undefined) return pids;
  for (const { name } of await host.files.list(folder)) {
    const pid = await readPid(host, `${folder}/${name}`);
    if (pid !== undefined) pids.set(name.replace(/\.pid$/, ''), pid);
  }
  return pids;
}

async function readPid(host: Host, path: string): Promise<number | undefined> {
  const pid = Number((await host.files.read(path))?.trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

async function killAll(host: Host, isOurs: (argv: readonly string[]) => boolean): Promise<void> {
  const deadline = host.clock.now() + patienceMs;
  for (;;) {
    const living = host.processes.pids().filter((pid) => isOurs(host.processes.argvOf(pid) ?? []));
    for (const pid of living) host.processes.signal(pid, 'SIGKILL');
    if (living.length === 0 || host.clock.now() >= deadline) return;
    await host.clock.sleep(pollMs);
  }
}

const egressSchema = z.object({
  egressSelections: z.array(
    z.object({
      connection: z.object({ transport: z.object({ uds: z.object({ udsName: z.string() }) }) }),
    }),
  ),
});

/** The socket lies in a temporary folder of its own: a path below the sandbox may be too long for one. */
async function removeNetworkSocket(host: Host, place: Place): Promise<void> {
  const text = await host.files.read(`${place.directory}/egress.json`);
  if (text === undefined) return;
  const socket = egressSchema.parse(JSON.parse(text)).egressSelections[0]?.connection.transport.uds
    .udsName;
  const folder = socket?.replace(/\/[^/]*$/, '');
  if (folder?.includes(`/${networkFolderPrefix}`) === true) await host.files.remove(folder);
}
