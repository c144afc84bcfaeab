import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { kubernetesSettings } from '../../src/actions/sandbox-binaries.ts';
import { openWorkspace } from '../../src/config/workspace.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import type { ApiClient, KubeObject } from '../../src/sandbox/cluster/api-client.ts';
import { startControlPlane } from '../../src/sandbox/cluster/control-plane.ts';
import { endControlPlane } from '../../src/sandbox/cluster/end-control-plane.ts';
import { placeOf } from '../../src/sandbox/cluster/place.ts';
import { startEmulator, stopEmulator } from '../../src/sandbox/emulator.ts';
import { type EmulatorTarget, element, query } from '../../src/sandbox/gateway/emulator-query.ts';
import { installEmulator } from '../../src/sandbox/install-emulator.ts';
import { startStandIns } from '../../src/sandbox/stand-ins/stand-ins.ts';
import { REPOSITORY } from '../support/platform.ts';

const REGION = 'eu-central-1';

/** A control plane with stand-ins and an emulated AWS, in this process but for the binaries. */
export interface StandInCluster {
  readonly api: ApiClient;
  /** Of an administrator. */
  readonly kubeconfig: string;
  /** What the stand-ins logged. */
  readonly lines: readonly string[];
  kubectl(args: readonly string[], input?: object): Promise<{ exitCode: number; text: string }>;
  /** Text of EC2's or ELB's answer. */
  aws(service: Parameters<typeof query>[1], action: string): Promise<string>;
  addNode(name: string, instanceType: string, zone: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeStandInCluster(): Promise<StandInCluster> {
  const host = createNodeHost();
  const directory = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  const workspace = await openWorkspace(host, REPOSITORY);
  const { kubernetes } = await kubernetesSettings(host, workspace);
  if (kubernetes === undefined) throw new Error('run: platform tools install --all');
  const installed = await installEmulator(host, {
    directory: join(workspace.settings.cacheDirectory, 'emulator'),
    python: 'python3',
    onProgress: () => undefined,
  });
  const running = await startEmulator(host, {
    python: installed.python,
    account: '123456789012',
    logFile: join(directory, 'emulator.log'),
    cwd: directory,
  });
  const emulator = { http: host.http, port: running.port, region: REGION, accessKey: 'test' };
  const vpcId = await makeVpc(emulator);
  const place = placeOf(directory, `${REGION}/mlp`);
  const holder: { route?: ReturnType<typeof startStandIns>['route'] } = {};
  const started = await startControlPlane(host, {
    place,
    kubernetes,
    serviceCidr: '172.20.0.0/16',
    // Nobody comes with a token here.
    tokenReviewUrl: 'http://127.0.0.1:1',
    route: async (hostname, port) => holder.route?.(hostname, port),
  });
  if (started.kind === 'failed') throw new Error(started.reason);
  const { plane } = started;
  const lines: string[] = [];
  const standIns = startStandIns(host, {
    api: plane.api,
    cluster: 'mlp',
    region: REGION,
    vpcId,
    emulatorPort: running.port,
    log: (line) => lines.push(line),
  });
  holder.route = standIns.route;
  return {
    api: plane.api,
    kubeconfig: plane.kubeconfig,
    lines,
    kubectl: async (args, input) => {
      const { exitCode, all } = await execa(
        kubernetes.kubectl,
        ['--kubeconfig', plane.kubeconfig, ...args],
        {
          reject: false,
          all: true,
          env: { HOME: directory },
          ...(input === undefined ? {} : { input: JSON.stringify(input) }),
        },
      );
      return { exitCode: exitCode ?? -1, text: all };
    },
    aws: async (service, action) => {
      const answer = await query(emulator, service, { Action: action });
      if (answer.kind === 'failed') throw new Error(answer.error.message);
      return answer.value;
    },
    addNode: async (name, instanceType, zone) => {
      await plane.api.create('/api/v1/nodes', nodeObject(name, instanceType, zone));
    },
    remove: async () => {
      await standIns.stop();
      await endControlPlane(host, place);
      await plane.closeNetwork();
      await stopEmulator(host, running);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Two subnets for each kind of load balancer, tagged as the module `vpc` tags them. */
async function makeVpc(target: EmulatorTarget): Promise<string> {
  const call = async (parameters: Readonly<Record<string, string>>) => {
    const answer = await query(target, 'ec2', parameters);
    if (answer.kind === 'failed') throw new Error(answer.error.message);
    return answer.value;
  };
  const vpc = await call({ Action: 'CreateVpc', CidrBlock: '10.0.0.0/16' });
  const vpcId = element(vpc, 'vpcId') ?? '';
  for (const [index, zone] of ['a', 'b', 'a', 'b'].entries()) {
    await call({
      Action: 'CreateSubnet',
      VpcId: vpcId,
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: `${REGION}${zone}`,
      'TagSpecification.1.ResourceType': 'subnet',
      'TagSpecification.1.Tag.1.Key':
        index < 2 ? 'kubernetes.io/role/internal-elb' : 'kubernetes.io/role/elb',
      'TagSpecification.1.Tag.1.Value': '1',
    });
  }
  return vpcId;
}

function nodeObject(name: string, instanceType: string, zone: string): KubeObject {
  const resources = { cpu: '32', memory: '128Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': instanceType,
        'topology.kubernetes.io/zone': zone,
      },
    },
    status: { capacity: resources, allocatable: resources },
  };
}
