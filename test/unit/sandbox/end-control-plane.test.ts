import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import {
  endControlPlane,
  endLeftControlPlanes,
} from '../../../src/sandbox/cluster/end-control-plane.ts';
import { placeOf } from '../../../src/sandbox/cluster/place.ts';
import { fakeProcesses } from '../support/fake-processes.ts';
import { memoryFiles } from '../support/memory-files.ts';

const place = placeOf('/cache/s', 'eu-central-1/demo');
const etcd = [`${place.kwokDirectory}/bin/etcd`, '--name=node0'];
const kwokctl = ['/tools/kwokctl', `--config=${place.directory}/kwokctl.json`];

/** A machine on which these processes run; a KILL ends one. */
function machine(running: Record<number, readonly string[]>, files: Record<string, string>) {
  const processes = fakeProcesses(() => undefined);
  const memory = memoryFiles(files);
  let nowMs = 0;
  const host = {
    files: memory,
    processes: {
      ...processes,
      pids: () => Object.keys(running).map(Number),
      argvOf: (pid: number) => running[pid],
      signal: (pid: number, signal: NodeJS.Signals) => {
        processes.signal(pid, signal);
        delete running[pid];
        return true;
      },
    },
    clock: {
      now: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
      },
    },
  } as unknown as Host;
  return { host, signals: processes.signals, files: memory };
}

const left = {
  [`${place.kwokDirectory}/pids/etcd.pid`]: '11\n',
  [`${place.kwokDirectory}/pids/kube-apiserver.pid`]: '12',
  [`${place.directory}/egress.json`]: JSON.stringify({
    egressSelections: [
      {
        connection: {
          transport: { uds: { udsName: '/temporary/platform-network-x/network.sock' } },
        },
      },
    ],
  }),
  '/temporary/platform-network-x/network.sock': '',
  '/temporary/other': '',
};

test('its processes are killed, who starts them first, and its files go', async () => {
  const apiServer = [`${place.kwokDirectory}/bin/kube-apiserver`];
  const { host, signals, files } = machine({ 10: kwokctl, 11: etcd, 12: apiServer }, left);
  await endControlPlane(host, place);
  expect(signals).toEqual([
    [10, 'SIGKILL'],
    [11, 'SIGKILL'],
    [12, 'SIGKILL'],
  ]);
  expect(files.paths()).toEqual(['/temporary/other']);
});

test('a process whose pid was not yet written down is found, also one that starts meanwhile', async () => {
  const running: Record<number, readonly string[]> = { 10: kwokctl };
  const { host, signals } = machine(running, { [`${place.directory}/kwokctl.json`]: '{}' });
  const { signal } = host.processes;
  host.processes.signal = (pid, name) => {
    if (pid === 10) running[13] = etcd;
    return signal(pid, name);
  };
  await endControlPlane(host, place);
  expect(signals).toEqual([
    [10, 'SIGKILL'],
    [13, 'SIGKILL'],
  ]);
});

test('a pid that somebody else has by now is left alone', async () => {
  const others = { 10: ['vim'], 11: ['/usr/bin/etcd'], 12: [''] };
  const { host, signals, files } = machine(others, left);
  await endControlPlane(host, place);
  expect(signals).toEqual([]);
  expect(files.paths()).toEqual(['/temporary/other']);
});

test('a folder that we did not make for a socket is not removed', async () => {
  const egress =
    left[`${place.directory}/egress.json`]?.replace('platform-network-x', 'work') ?? '';
  const odd = { [`${place.directory}/egress.json`]: egress, '/temporary/work/network.sock': '' };
  const { host, files } = machine({}, odd);
  await endControlPlane(host, place);
  expect(files.paths()).toEqual(['/temporary/work/network.sock']);
});

test('all that a sandbox left is ended, also where a start was cut short', async () => {
  const other = placeOf('/cache/s', 'us-east-1/two');
  const { host, signals, files } = machine(
    { 11: etcd, 20: ['/tools/kwokctl', `--config=${other.directory}/kwokctl.json`] },
    { ...left, [`${other.directory}/kwokctl.json`]: '{}' },
  );
  expect([...(await endLeftControlPlanes(host, '/cache/s'))].sort()).toEqual([
    'eu-central-1.demo',
    'us-east-1.two',
  ]);
  expect(signals).toEqual(
    expect.arrayContaining([
      [11, 'SIGKILL'],
      [20, 'SIGKILL'],
    ]),
  );
  expect(files.paths()).toEqual(['/temporary/other']);
  expect(await endLeftControlPlanes(host, '/cache/other')).toEqual([]);
});
