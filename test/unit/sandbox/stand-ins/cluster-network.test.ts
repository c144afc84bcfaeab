import { expect, test } from 'vitest';
import type { ApiClient } from '../../../../src/sandbox/cluster/api-client.ts';
import {
  createClusterNetwork,
  createListeners,
} from '../../../../src/sandbox/stand-ins/cluster-network.ts';

function slice(service: string, address: string, port: number, conditions: object) {
  return {
    metadata: {
      name: `${service}-x`,
      namespace: 'istio-system',
      labels: { 'kubernetes.io/service-name': service },
    },
    endpoints: [{ addresses: [address], conditions }],
    ports: [{ port: 15012 }, { port }],
  };
}

const slices = [
  { metadata: { name: 'empty', namespace: 'istio-system' }, endpoints: null, ports: null },
  slice('other', '10.0.0.9', 15017, { ready: true }),
  slice('istiod', '10.0.0.7', 15017, { ready: true }),
  slice('istiod', '10.0.0.8', 15017, { ready: false }),
  slice('istiod', '10.0.0.6', 8443, { ready: true }),
];

function networkWith(loopbackPort: number | undefined) {
  const listeners = createListeners();
  const at = { namespace: 'istio-system', service: 'istiod', port: 15017 };
  if (loopbackPort !== undefined) listeners.open(at, loopbackPort);
  const api = { list: async () => slices } as unknown as ApiClient;
  return { route: createClusterNetwork(api, listeners), listeners, at };
}

test.each([
  ['a ready pod behind the Service of a stand-in', '10.0.0.7', 15017, 4242],
  ['the same pod at a port that nobody stands for', '10.0.0.7', 15012, undefined],
  ['the same pod at a port that it does not serve', '10.0.0.7', 443, undefined],
  ['a pod whose Service has another target port', '10.0.0.6', 15017, undefined],
  ['a pod that is not ready', '10.0.0.8', 15017, undefined],
  ['a pod of another Service', '10.0.0.9', 15017, undefined],
  ['an address of nobody', '10.0.0.1', 15017, undefined],
])('%s: %s:%d leads to %s', async (_case, address, port, expected) => {
  await expect(networkWith(4242).route(address, port)).resolves.toBe(expected);
});

test('what nobody listens for any more is refused', async () => {
  const { route, listeners, at } = networkWith(4242);
  listeners.close(at);
  await expect(route('10.0.0.7', 15017)).resolves.toBeUndefined();
});
