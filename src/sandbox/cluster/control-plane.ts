import type { ProcessResult } from '../../host/command.ts';
import type { Host } from '../../host/host.ts';
import type { ConnectRoute, TlsTarget } from '../../host/http.ts';
import { logTail } from '../log-file.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { componentPids } from './end-control-plane.ts';
import {
  type ControlPlaneInput,
  controlPlaneFiles,
  createCommand,
  type KubernetesSettings,
  kubeconfigPath,
  lastError,
  type Ports,
  programs,
} from './kwokctl.ts';
import { networkFolderPrefix, type Place } from './place.ts';

export interface StartControlPlane {
  readonly place: Place;
  readonly kubernetes: KubernetesSettings;
  readonly serviceCidr: string;
  readonly tokenReviewUrl: string;
  /** What the API server reaches in the cluster. */
  readonly route: ConnectRoute;
}

export interface ControlPlane {
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Of an administrator, by certificate: for tests, and for who repairs a sandbox. */
  readonly kubeconfig: string;
  readonly api: ApiClient;
  /** Ends the cluster's network; processes and files are ended by `endControlPlane`. */
  closeNetwork(): Promise<void>;
}

export type StartResult =
  | { readonly kind: 'started'; readonly plane: ControlPlane }
  | { readonly kind: 'failed'; readonly reason: string };

/** A start takes 4 s on an idle machine. */
const startTimeoutMs = 90_000;
const pollMs = 50;

/**
 * Starts etcd, API server, controllers, scheduler and kwok, and resolves when the API server is ready.
 * Whatever was started before a failure is left for `endControlPlane`.
 */
export async function startControlPlane(
  host: Host,
  start: StartControlPlane,
): Promise<StartResult> {
  const { place, kubernetes } = start;
  const missing = await missingPrograms(host, kubernetes);
  if (missing.length > 0) return failed(`no program "${missing.join('", "')}"`);
  await host.files.makeDirectory(place.directory, { mode: 0o700 });
  const networkFolder = await host.files.makeTemporary(networkFolderPrefix);
  const networkSocket = `${networkFolder}/network.sock`;
  const network = await host.http.serveConnect(networkSocket, start.route);
  const closeNetwork = () => network.close();
  const result = await startOn(host, start, networkSocket, closeNetwork).catch((error: unknown) =>
    failed(error instanceof Error ? error.message : String(error)),
  );
  if (result.kind === 'failed') {
    await network.close();
    await host.files.remove(networkFolder);
  }
  return result;
}

async function startOn(
  host: Host,
  start: StartControlPlane,
  networkSocket: string,
  closeNetwork: ControlPlane['closeNetwork'],
): Promise<StartResult> {
  const { place, kubernetes } = start;
  const ports = await freePorts(host);
  const input: ControlPlaneInput = {
    place,
    kubernetes,
    ports,
    serviceCidr: start.serviceCidr,
    stagesFile: `${host.machine.packageDirectory}/sandbox/kubernetes/stages.yaml`,
    tokenReviewUrl: start.tokenReviewUrl,
    networkSocket,
  };
  for (const [path, content] of controlPlaneFiles(input)) {
    await host.files.writeAtomic(path, JSON.stringify(content, null, 1), { mode: 0o600 });
  }
  const problem = await bringUp(host, input);
  if (problem !== undefined) return failed(problem);
  const target = await administrator(host, place, ports.apiServer);
  if (target === undefined) return failed(`kwokctl left no certificates for "${place.id}"`);
  const api = createApiClient(host.http, target);
  return {
    kind: 'started',
    plane: {
      endpoint: `https://127.0.0.1:${ports.apiServer}`,
      certificateAuthority: target.certificateAuthority,
      kubeconfig: kubeconfigPath(place),
      api,
      closeNetwork,
    },
  };
}

function failed(reason: string): StartResult {
  return { kind: 'failed', reason: `the sandbox could not start a control plane: ${reason}` };
}

/** kwokctl would try to download what is not there. */
async function missingPrograms(host: Host, kubernetes: KubernetesSettings): Promise<string[]> {
  const paths = [...programs.map((name) => `${kubernetes.directory}/${name}`), kubernetes.kubectl];
  const there = await Promise.all(paths.map((path) => host.files.isExecutable(path)));
  return paths.filter((_, index) => there[index] !== true);
}

/** Taken one after the other and given by flags: kwokctls that run at once would choose the same ones. */
async function freePorts(host: Host): Promise<Ports> {
  const taken = new Set<number>();
  while (taken.size < 6) taken.add(await host.http.freePort());
  const [apiServer = 0, etcd = 0, etcdPeer = 0, controllerManager = 0, scheduler = 0, kwok = 0] =
    taken;
  return { apiServer, etcd, etcdPeer, controllerManager, scheduler, kwok };
}

/** Undefined as soon as the API server says that it is ready; else why it does not. */
async function bringUp(host: Host, input: ControlPlaneInput): Promise<string | undefined> {
  const { place, ports } = input;
  const log = `${place.directory}/kwokctl.log`;
  const child = host.processes.start(createCommand(input, host.env), {
    kind: 'files',
    stdout: log,
    stderr: log,
  });
  let result: ProcessResult | undefined;
  void child.ended.then((ended) => {
    result = ended;
  });
  const deadline = host.clock.now() + startTimeoutMs;
  while (host.clock.now() < deadline) {
    // kwokctl itself would wait minutes for an API server whose etcd has ended.
    const dead = await endedComponent(host, place);
    if (dead !== undefined) {
      return `${dead} ended: ${await logTail(host, `${place.kwokDirectory}/logs/${dead}.log`)}`;
    }
    if (result !== undefined) {
      if (result.exitCode !== 0) {
        return `kwokctl failed: ${lastError((await host.files.read(log)) ?? '')}`;
      }
      const target = await administrator(host, place, ports.apiServer);
      if (target !== undefined && (await answersReady(host, target))) return undefined;
    }
    await host.clock.sleep(pollMs);
  }
  const apiServerLog = `${place.kwokDirectory}/logs/kube-apiserver.log`;
  return `the API server is not ready within ${startTimeoutMs / 1000} s: ${await logTail(host, apiServerLog)}`;
}

async function endedComponent(host: Host, place: Place): Promise<string | undefined> {
  for (const [name, pid] of await componentPids(host, place)) {
    const argv = host.processes.argvOf(pid);
    if (!host.processes.isAlive(pid) || argv?.[0] === '') return name;
  }
  return undefined;
}

/** How the API server is reached as its administrator, from what kwokctl made. */
async function administrator(
  host: Host,
  place: Place,
  port: number,
): Promise<TlsTarget | undefined> {
  const pki = `${place.kwokDirectory}/pki`;
  const [certificateAuthority, certificate, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((name) => host.files.read(`${pki}/${name}`)),
  );
  if (certificateAuthority === undefined || certificate === undefined || key === undefined) {
    return undefined;
  }
  return { port, certificateAuthority, client: { certificate, key } };
}

export async function answersReady(host: Host, target: TlsTarget): Promise<boolean> {
  const request = { method: 'GET', path: '/readyz', headers: {}, body: new Uint8Array() };
  try {
    return (await host.http.sendTls(target, request, 5_000)).status === 200;
  } catch {
    return false;
  }
}
