import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseToolVersions } from '../../../src/tools/toolchain/catalog.ts';
import { requiredVersion } from '../../../src/tools/toolchain/go-module-pins.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, REPOSITORY), 'utf8');

test.each([
  ['terragrunt', 'github.com/gruntwork-io/terragrunt', 'terragrunt'],
  ['kubectl', 'k8s.io/kubernetes', 'kubernetes'],
])(
  '%s is pinned in .tool-versions as in the go.mod that it is built from',
  async (name, module, folder) => {
    const pins = parseToolVersions(await read('.tool-versions'));
    const version = requiredVersion(await read(`tools/${folder}/go.mod`), module);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(pins.get(name)).toBe(version);
  },
);

test('modules that Kubernetes is split into are replaced by those of its own release', async () => {
  const goMod = await read('tools/kubernetes/go.mod');
  const version = requiredVersion(goMod, 'k8s.io/kubernetes') ?? '';
  const replaced = [...goMod.matchAll(/^\tk8s\.io\/\S+ => k8s\.io\/\S+ v(\S+)$/gm)];
  expect(replaced.length).toBeGreaterThan(20);
  for (const [line, staging] of replaced) expect(`1${staging?.slice(1)}`, line).toBe(version);
});

test('the Helm provider that is built is the one that the sandbox asks for', async () => {
  const goMod = await read('tools/helm-provider/go.mod');
  const version = requiredVersion(goMod, 'github.com/hashicorp/terraform-provider-helm');
  const stated = /^ {2}helmVersion: "?([\d.]+)"?/m.exec(await read('live/sandbox/env.yaml'))?.[1];
  expect(stated).toBe(version);
});
