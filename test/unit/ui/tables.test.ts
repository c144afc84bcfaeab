import { expect, test } from 'vitest';
import { runsTable } from '../../../src/ui/runs-table.ts';
import { sandboxText } from '../../../src/ui/sandbox-text.ts';
import { statusTable } from '../../../src/ui/status-table.ts';
import { failedApply, plannedRun } from '../support/sample-run.ts';

test('runs: id, what, how long, how it ended', () => {
  const lines = runsTable([plannedRun, { ...failedApply, exitCode: null }]).split('\n');
  expect(lines[0]).toMatch(/^20261122-104100-7f3c {2}plan dev +2m 41s {2}exit 1 +NOT READY: /);
  expect(lines[1]).toMatch(/apply dev +2m 41s {2}no end +/);
  expect(runsTable([])).toBe('no runs yet\n');
});

test('status: a row per unit, aligned, with what was last done from here', () => {
  const at = '2026-11-22T10:41:00.000Z';
  const lines = statusTable([
    {
      unit: 'vpc',
      state: { kind: 'applied', resources: 20, serial: 1 },
      lastRun: { run: 'r', command: 'apply', result: 'applied', at },
      lastSteps: [],
    },
    { unit: 'istio/ingress', state: { kind: 'never-applied' }, lastRun: undefined, lastSteps: [] },
    { unit: 'dns', state: { kind: 'empty', serial: 2 }, lastRun: undefined, lastSteps: [] },
    {
      unit: 'eks',
      state: { kind: 'unreadable', why: 'AccessDenied' },
      lastRun: undefined,
      lastSteps: [],
    },
  ]).split('\n');
  expect(lines).toEqual([
    'UNIT           STATE                     LAST RUN FROM HERE',
    'vpc            applied, 20 resources     2026-11-22T10:41Z apply: applied',
    'istio/ingress  never applied',
    'dns            empty',
    'eks            unreadable: AccessDenied',
    '',
  ]);
});

test('the sandbox: down, or where it listens and what is in it', () => {
  expect(sandboxText({ kind: 'down' })).toMatch(/^down: /);
  const info = { gatewayPort: 4999, startedAt: 0, account: '000000000000', region: 'eu-west-1' };
  const clusters = [
    { name: 'ml', version: '1.33', apiServer: 'starting' },
    { name: 'two', version: '1.34', endpoint: 'https://127.0.0.1:5', apiServer: 'answers' },
    { name: 'no', version: '1.34', apiServer: 'failed', reason: 'etcd ended: no room' },
  ] as const;
  expect(sandboxText({ kind: 'up', info, clusters }).split('\n').slice(0, 5)).toEqual([
    'up on http://127.0.0.1:4999 since 1970-01-01T00:00:00.000Z',
    'account 000000000000, region eu-west-1',
    'cluster ml, Kubernetes 1.33: API server is starting',
    'cluster two, Kubernetes 1.34: API server on https://127.0.0.1:5 answers',
    'cluster no, Kubernetes 1.34: API server could not be started: etcd ended: no room',
  ]);
});
