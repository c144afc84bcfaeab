import { expect, test } from 'vitest';
import { openCloud } from '../../../src/actions/session.ts';
import type { Environment, Workspace } from '../../../src/config/workspace.ts';
import type { Host } from '../../../src/host/host.ts';

test('a variable of the shell does not lead the charts of a real environment elsewhere', async () => {
  const own = { AWS_PROFILE: 'dev', HTTPS_PROXY: 'http://proxy.example.com' };
  const env = { ...own, PLATFORM_CHART_REPOSITORY: 'https://charts.example.org' };
  const host = { env } as unknown as Host;
  const environment = { name: 'dev', file: { kind: 'aws' } } as unknown as Environment;
  const cloud = await openCloud(host, {} as Workspace, environment, () => {});
  expect(cloud).toEqual({ env: own, sandbox: undefined });
});
