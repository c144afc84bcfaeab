import type { Host } from '../../host/host.ts';
import type { ControlPlaneState } from '../eks/handler.ts';
import type { ClusterRecord, Store } from '../eks/store.ts';
import { type StandIns, startStandIns } from '../stand-ins/stand-ins.ts';
import { makeAccessBindings } from './access-bindings.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { endControlPlane } from './end-control-plane.ts';
import type { KubernetesSettings } from './kwokctl.ts';
import { placeOf } from './place.ts';

/** The control planes of the clusters of the emulated EKS; they follow its store. */
export interface ControlPlanes {
  /** Starts what is new in the store, ends what is gone, and makes the rest what the store says. */
  follow(store: Store): void;
  state(key: string): ControlPlaneState;
  isRealized(arn: string, modifiedAt: number): boolean;
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
    const place = placeOf(input.sandboxDirectory, key);
    const result = await startControlPlane(host, {
      place,
      kubernetes: input.kubernetes,
      serviceCidr: each.record.fields.serviceCidr,
      tokenReviewUrl: input.tokenReviewUrl(key),
      route: async (hostname, port) => each.standIns?.route(hostname, port),
    });
    if (result.kind === 'failed') throw new Error(result.reason);
    each.plane = result.plane;
    await makeAccessBindings(result.plane.api);
    const { name, vpc } = each.record.fields;
    each.standIns = startStandIns(host, {
      api: result.plane.api,
      cluster: name,
      region: key.split('/')[0] ?? '',
      vpcId: vpc.vpcId,
      emulatorPort: input.emulatorPort,
      log: (line) => log(`${key}: ${line}`),
    });
    each.state = {
      kind: 'ready',
      endpoint: result.plane.endpoint,
      certificateAuthorityData: toBase64(result.plane.certificateAuthority),
    };
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
      const stopped = each.standIns?.stop();
      // A start, or a look of a stand-in, that is under way fails by it.
      await endControlPlane(host, place);
      await Promise.all([stopped, each.started]);
      await each.standIns?.stop();
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
        else each.record = record;
      }
    },
    state: (key) => running.get(key)?.state ?? { kind: 'starting' },
    isRealized: () => true,
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
  isRealized: () => true,
  show: () => [],
  close: () => Promise.resolve(),
};
