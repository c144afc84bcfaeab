import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { startControlPlane } from '../../../src/sandbox/cluster/control-plane.ts';
import { programs } from '../../../src/sandbox/cluster/kwokctl.ts';
import { placeOf } from '../../../src/sandbox/cluster/place.ts';
import { memoryFiles } from '../support/memory-files.ts';

test('a start that breaks off leaves no network behind, and says why', async () => {
  const paths = [...programs.map((name) => `/bin/${name}`), '/bin/kubectl'];
  const executable = Object.fromEntries(paths.map((path) => [path, 0o755]));
  const files = memoryFiles(Object.fromEntries(paths.map((path) => [path, ''])), executable);
  const open = new Set<string>();
  let port = 7000;
  const host = {
    files: {
      ...files,
      makeTemporary: async (prefix: string) => `/temporary/${prefix}x`,
      writeAtomic: () => Promise.reject(new Error('ENOSPC: no space left on device')),
    },
    http: {
      serveConnect: async (path: string) => {
        open.add(path);
        await files.createExclusive(path, '');
        return { close: async () => void open.delete(path) };
      },
      freePort: async () => {
        port += 1;
        return port;
      },
    },
    machine: { packageDirectory: '/package' },
  } as unknown as Host;
  const result = await startControlPlane(host, {
    place: placeOf('/cache/s', 'eu-central-1/demo'),
    kubernetes: { directory: '/bin', kubectl: '/bin/kubectl' },
    serviceCidr: '172.20.0.0/16',
    tokenReviewUrl: 'http://127.0.0.1:1/token-review',
    route: async () => undefined,
  });
  expect(result).toEqual({
    kind: 'failed',
    reason: 'the sandbox could not start a control plane: ENOSPC: no space left on device',
  });
  expect([...open]).toEqual([]);
  expect(files.paths()).toEqual(paths.sort());
});
