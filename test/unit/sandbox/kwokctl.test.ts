import { expect, test } from 'vitest';
import {
  type ControlPlaneInput,
  controlPlaneFiles,
  createCommand,
  lastError,
} from '../../../src/sandbox/cluster/kwokctl.ts';
import { placeOf } from '../../../src/sandbox/cluster/place.ts';

const place = placeOf('/cache/s', 'eu-central-1/demo');
const input: ControlPlaneInput = {
  place,
  kubernetes: { directory: '/tools', kubectl: '/opt/kubectl/kubectl' },
  ports: { apiServer: 1, etcd: 2, etcdPeer: 3, controllerManager: 4, scheduler: 5, kwok: 6 },
  serviceCidr: '172.20.0.0/16',
  stagesFile: '/package/stages.yaml',
  tokenReviewUrl: 'http://127.0.0.1:7/review',
  networkSocket: '/temporary/n/network.sock',
};

test('no program and no port is left for kwokctl to choose', () => {
  const { argv } = createCommand(input, { PATH: '/usr/bin' });
  expect(argv.filter((argument) => argument.includes('-binary='))).toEqual([
    '--etcd-binary=/tools/etcd',
    '--kube-apiserver-binary=/tools/kube-apiserver',
    '--kube-controller-manager-binary=/tools/kube-controller-manager',
    '--kube-scheduler-binary=/tools/kube-scheduler',
    '--kwok-controller-binary=/tools/kwok',
  ]);
  expect(argv.filter((argument) => argument.includes('-port='))).toHaveLength(5);
});

test('nothing of the person reaches the components, and nothing reaches the internet', () => {
  const { env } = createCommand(input, {
    PATH: '/usr/bin',
    HOME: '/home/me',
    KUBECONFIG: '/home/me/.kube/config',
    AWS_PROFILE: 'prod',
    HTTPS_PROXY: 'http://proxy:3128',
  });
  expect(env).toEqual({
    PATH: '/opt/kubectl:/usr/bin',
    HOME: place.directory,
    KWOK_WORKDIR: '/cache/s/kubernetes',
    HTTP_PROXY: 'http://127.0.0.1:1',
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NO_PROXY: '127.0.0.1,.svc',
  });
});

test('what failed is the last error of a log', () => {
  const line = (level: string, msg: string, err?: string) => JSON.stringify({ level, msg, err });
  const log = [
    line('INFO', 'Cluster is creating'),
    line('ERROR', 'Failed to pull', 'not yet'),
    line('ERROR', 'Failed to setup config', 'etcd version: exit status 1\nno room\n'),
    line('INFO', 'Cluster is cleaned up'),
  ];
  expect(lastError(`${log.join('\n')}\n`)).toBe('etcd version: exit status 1 | no room');
  expect(lastError(line('ERROR', 'no cluster'))).toBe('no cluster');
  expect(lastError('panic: oh\n')).toBe('panic: oh');
});

test('the API server asks the gateway about tokens, and leaves through the cluster network', () => {
  const files = controlPlaneFiles(input);
  expect([...files.keys()].map((path) => path.slice(place.directory.length))).toEqual([
    '/kwokctl.json',
    '/token-review.json',
    '/egress.json',
  ]);
  expect(JSON.stringify(files.get(`${place.directory}/token-review.json`))).toContain(
    '"server":"http://127.0.0.1:7/review"',
  );
  expect(files.get(`${place.directory}/egress.json`)).toMatchObject({
    egressSelections: [
      { connection: { transport: { uds: { udsName: '/temporary/n/network.sock' } } } },
    ],
  });
  const config = files.get(`${place.directory}/kwokctl.json`) as {
    options: object;
    componentsPatches: { name: string; extraArgs: { key: string; value: string }[] }[];
  };
  expect(config.options).toMatchObject({ bindAddress: '127.0.0.1', etcdPeerPort: 3 });
  const argument = (component: string, key: string) =>
    config.componentsPatches
      .find(({ name }) => name === component)
      ?.extraArgs.find((each) => each.key === key)?.value;
  for (const component of ['kube-apiserver', 'kube-controller-manager']) {
    expect(argument(component, 'service-cluster-ip-range')).toBe('172.20.0.0/16');
  }
  expect(argument('kube-apiserver', 'egress-selector-config-file')).toBe(
    `${place.directory}/egress.json`,
  );
});
