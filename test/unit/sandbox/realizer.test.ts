import { expect, onTestFinished, test } from 'vitest';
import type { Http, HttpRequest } from '../../../src/host/http.ts';
import type { ApiClient, KubeObject } from '../../../src/sandbox/cluster/api-client.ts';
import { startRealizer } from '../../../src/sandbox/cluster/realizer.ts';
import type { ClusterRecord } from '../../../src/sandbox/eks/store.ts';

const SUBNET =
  '<availabilityZone>eu-central-1a</availabilityZone><cidrBlock>10.10.0.0/18</cidrBlock>';
const TYPE =
  '<vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo><memoryInfo><sizeInMiB>8192</sizeInMiB></memoryInfo><networkInfo><maximumNetworkInterfaces>3</maximumNetworkInterfaces><ipv4AddressesPerInterface>10</ipv4AddressesPerInterface></networkInfo>';

const ARN = 'arn:aws:eks:eu-central-1:111122223333:nodegroup/demo/general/1';

function recordAt(modifiedAt: number): ClusterRecord {
  const general = {
    name: 'general',
    arn: ARN,
    modifiedAt,
    version: '1.35',
    capacityType: 'ON_DEMAND',
    scaling: { minSize: 0, maxSize: 2, desiredSize: 1 },
    subnets: ['subnet-a'],
    launchTemplate: { id: 'lt-1', name: 'general', version: '1' },
    amiType: 'AL2023_x86_64_STANDARD',
    labels: {},
    taints: [],
  };
  return { nodeGroups: { general }, addons: {} } as unknown as ClusterRecord;
}

/** A cluster whose nodes are ready at once, beside an EC2 that fails as often as told. */
function scene(faults: { status: number; action: string; count: number }) {
  const nodes = new Map<string, KubeObject>();
  const api = {
    list: async () => [...nodes.values()],
    patch: async (path: string, object: KubeObject) => {
      const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
      if (!path.endsWith('/status')) nodes.set(path, { ...object, status: ready });
      return object;
    },
  } as unknown as ApiClient;
  const asked: string[] = [];
  const send = async (_port: number, request: HttpRequest) => {
    const parameters = new URLSearchParams(new TextDecoder().decode(request.body));
    const action = parameters.get('Action') ?? '';
    expect(parameters.get('InstanceType.1') ?? 'm6i.large').toBe('m6i.large');
    asked.push(action);
    const fails = action === faults.action && faults.count > 0;
    if (fails) faults.count -= 1;
    const xml =
      action === 'DescribeSubnets' ? SUBNET : `<instanceType>m6i.large</instanceType>${TYPE}`;
    const text = fails ? '<Code>Fault</Code><Message>EC2 has a fault</Message>' : xml;
    return {
      status: fails ? faults.status : 200,
      headers: {},
      body: new TextEncoder().encode(text),
    };
  };
  const clock = {
    now: () => 0,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const emulator = {
    http: { send } as unknown as Http,
    port: 1,
    region: 'eu-central-1',
    accessKey: 'test',
  };
  const onProblem = (text: string) => expect.unreachable(text);
  const realizer = startRealizer({ clock }, { api, emulator, onProblem }, recordAt(1));
  onTestFinished(() => realizer.close());
  const settled = async (modifiedAt: number) => {
    while (realizer.realization(ARN, modifiedAt).kind === 'pending') await clock.sleep();
    return realizer.realization(ARN, modifiedAt);
  };
  return { nodes, asked, realizer, settled };
}

test.each(['DescribeSubnets', 'DescribeLaunchTemplateVersions', 'DescribeInstanceTypes'])(
  'a node group comes to be although EC2 fails %s for a while',
  async (action) => {
    const { settled, nodes } = scene({ status: 503, action, count: 3 });
    expect(await settled(1)).toEqual({ kind: 'done' });
    expect(nodes.size).toBe(1);
  },
);

test('an EC2 that keeps failing is asked so often and no more', async () => {
  const { settled, asked } = scene({ status: 503, action: 'DescribeSubnets', count: 1_000 });
  expect(await settled(1)).toEqual({ kind: 'failed', reason: 'EC2 has a fault' });
  expect(asked).toHaveLength(10);
});

test('what EC2 refuses is not asked again until the node group changes, and then forgotten', async () => {
  const faults = { status: 400, action: 'DescribeInstanceTypes', count: 1 };
  const { settled, asked, realizer } = scene(faults);
  expect(await settled(1)).toEqual({ kind: 'failed', reason: 'EC2 has a fault' });
  expect(asked.filter((action) => action === 'DescribeInstanceTypes')).toHaveLength(1);
  realizer.tell(recordAt(2));
  expect(await settled(2)).toEqual({ kind: 'done' });
  expect(realizer.realization(ARN, 1)).toEqual({ kind: 'done' });
});
