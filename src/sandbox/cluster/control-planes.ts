import type { Host } from '../../host/host.ts';
import type { ControlPlaneState, Realization } from '../eks/handler.ts';
import type { ClusterRecord, Store } from '../eks/store.ts';
import { type StandIns, startStandIns } from '../stand-ins/stand-ins.ts';
import { makeAccessBindings } from './access-bindings.ts';
import { clusterObjects, pathOf } from './addon-objects.ts';
import { type ControlPlane, type StartControlPlane, startControlPlane } from './control-plane.ts';
import { endControlPlane } from './end-control-plane.ts';
import type { KubernetesSettings } from './kwokctl.ts';
import { placeOf } from './place.ts';
import { type Realizer, startRealizer } from './realizer.ts';

/** The control planes of the clusters of the emulated EKS; they follow its store. */
export interface ControlPlanes {
  /** Starts what is new in the store, ends what is gone, and makes the rest what the store says. */
  follow(store: Store): void;
  state(key: string): ControlPlaneState;
  realization(arn: string, modifiedAt: number): Realization;
  /** What `/_platform/clusters` shows: where each control plane is, for who looks at the sandbox. */
  show(): readonly ShownControlPlane[];
  /** Ends all of them. */
  close(): Promise<void>;
}

export interface ShownControlPlane {
  readonly cluster: string;
  readonly state: ControlPlaneState['kind'];
  readonly endpoint?: string;
  /** PEM. */
  readonly certificateAuthority?: string;
  /** An administrator's. */
  readonly kubeconfig?: string;
  readonly reason?: string;
}

export interface ControlPlanesInput {
  readonly sandboxDirectory: string;
  readonly kubernetes: KubernetesSettings;
  /** Where the AWS resources are that a cluster makes. */
  readonly emulatorPort: number;
  tokenReviewUrl(key: string): string;
}

interface Running {
  record: ClusterRecord;
  state: ControlPlaneState;
  plane?: ControlPlane;
  realizer?: Realizer;
  standIns?: StandIns;
  /** Settles when the start is over, one way or the other; never rejects. */
  started: Promise<void>;
}

export function createControlPlanes(host: Host, input: ControlPlanesInput): ControlPlanes {
  const running = new Map<string, Running>();
  /** Ends that are under way, by key: a new cluster of the same name waits for them. */
  const ending = new Map<string, Promise<void>>();
  const log = (line: string) => host.terminal.writeErr(`${line}\n`);

  async function start(key: string, each: Running): Promise<void> {
    await ending.get(key);
    const { fields } = each.record;
    const plane = await startOrEnd({
      place: placeOf(input.sandboxDirectory, key),
      kubernetes: input.kubernetes,
      serviceCidr: fields.serviceCidr,
      tokenReviewUrl: input.tokenReviewUrl(key),
      route: async (hostname, port) => each.standIns?.route(hostname, port),
    });
    each.plane = plane;
    const { api } = plane;
    await makeAccessBindings(api);
    for (const object of clusterObjects) await api.patch(pathOf(object), object, 'apply');
    if (running.get(key) !== each) return;
    const [region = '', cluster = ''] = key.split('/');
    const say = (text: string) => log(`${key}: ${text}`);
    const { emulatorPort } = input;
    const emulator = { http: host.http, port: emulatorPort, region, accessKey: 'test' };
    each.realizer = startRealizer(host, { api, emulator, onProblem: say }, each.record);
    const { vpcId } = fields.vpc;
    each.standIns = startStandIns(host, { api, cluster, region, vpcId, emulatorPort, log: say });
    each.state = {
      kind: 'ready',
      endpoint: plane.endpoint,
      certificateAuthorityData: toBase64(plane.certificateAuthority),
    };
  }

  /** A free port may be somebody else's by the time that it is listened on: then with others, once. */
  async function startOrEnd(options: StartControlPlane): Promise<ControlPlane> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await startControlPlane(host, options);
      if (result.kind === 'started') return result.plane;
      // A half-started one would go on, and nobody could use it.
      await endControlPlane(host, options.place);
      const portTaken = result.reason.includes('address already in use');
      if (!portTaken || attempt === 2) throw new Error(result.reason);
    }
  }

  function begin(key: string, record: ClusterRecord): void {
    const each: Running = { record, state: { kind: 'starting' }, started: Promise.resolve() };
    running.set(key, each);
    each.started = start(key, each).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log(`${key}: ${reason}`);
      each.state = { kind: 'failed', reason };
    });
  }

  function end(key: string, each: Running): Promise<void> {
    running.delete(key);
    const place = placeOf(input.sandboxDirectory, key);
    const ended = (async () => {
      const stopped = Promise.all([each.realizer?.close(), each.standIns?.stop()]);
      // A start, or a look at the cluster, that is under way fails by it.
      await endControlPlane(host, place);
      await Promise.all([stopped, each.started]);
      await Promise.all([each.realizer?.close(), each.standIns?.stop()]);
      await each.plane?.closeNetwork();
      await endControlPlane(host, place);
    })().catch((error: unknown) => log(`${key}: ${String(error)}`));
    ending.set(key, ended);
    return ended.finally(() => {
      if (ending.get(key) === ended) ending.delete(key);
    });
  }

  return {
    follow(store) {
      for (const [key, each] of running) {
        if (store.clusters[key] === undefined) void end(key, each);
      }
      for (const [key, record] of Object.entries(store.clusters)) {
        const each = running.get(key);
        if (each === undefined) begin(key, record);
        else {
          each.record = record;
          each.realizer?.tell(record);
        }
      }
    },
    state: (key) => running.get(key)?.state ?? { kind: 'starting' },
    realization(arn, modifiedAt) {
      // arn:aws:eks:REGION:ACCOUNT:nodegroup/CLUSTER/…
      const [, , , region, , resource = ''] = arn.split(':');
      const realizer = running.get(`${region}/${resource.split('/')[1]}`)?.realizer;
      return realizer?.realization(arn, modifiedAt) ?? { kind: 'pending' };
    },
    show: () => [...running].map(([cluster, each]) => shown(cluster, each)),
    async close() {
      await Promise.all([...running].map(([key, each]) => end(key, each)));
      await Promise.all(ending.values());
    },
  };
}

function shown(cluster: string, { state, plane }: Running): ShownControlPlane {
  return {
    cluster,
    state: state.kind,
    ...(plane === undefined
      ? {}
      : {
          endpoint: plane.endpoint,
          certificateAuthority: plane.certificateAuthority,
          kubeconfig: plane.kubeconfig,
        }),
    ...(state.kind === 'failed' ? { reason: state.reason } : {}),
  };
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Says that there is no control plane, in the shape that readers of a CA expect; not a certificate. */
const noCertificate =
  '-----BEGIN CERTIFICATE-----\nthis sandbox has no Kubernetes\n-----END CERTIFICATE-----\n';

/** For a sandbox without Kubernetes binaries: its clusters are ACTIVE, and nobody answers there. */
export const noControlPlanes: ControlPlanes = {
  follow: () => undefined,
  state: () => ({
    kind: 'ready',
    endpoint: 'https://127.0.0.1:1',
    certificateAuthorityData: toBase64(noCertificate),
  }),
  realization: () => ({ kind: 'done' }),
  show: () => [],
  close: () => Promise.resolve(),
};
