import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from '../support/platform.ts';
import { terraformEnvironment, toolPath } from '../support/terraform.ts';

const INFRA = join(REPOSITORY, 'infra');
const modules = (await readdir(INFRA, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** As a unit of the sandbox: the provider that modules ask for cannot be had everywhere, the one of its env.yaml can. */
async function pinHelm(folder: string): Promise<void> {
  const versions = await readFile(join(folder, 'versions.tf'), 'utf8');
  if (!versions.includes('hashicorp/helm')) return;
  const { provider } = parse(await readFile(join(REPOSITORY, 'live/sandbox/env.yaml'), 'utf8'));
  const helm = { source: 'hashicorp/helm', version: provider.helmVersion };
  const override = { terraform: { required_providers: { helm } } };
  await writeFile(join(folder, 'versions_override.tf.json'), JSON.stringify(override));
}

describe('modules, with the real provider', () => {
  let folder: string;
  let terraform: (module: string, ...args: string[]) => Promise<{ exitCode?: number; all: string }>;

  beforeAll(async () => {
    const [binary, env] = await Promise.all([toolPath('terraform'), terraformEnvironment()]);
    folder = await mkdtemp(join(tmpdir(), 'platform-infra-'));
    // A copy, so that what init leaves behind is not in the repository.
    await cp(INFRA, folder, {
      recursive: true,
      filter: (path) => !/\.terraform(\.lock\.hcl)?$/.test(path),
    });
    await Promise.all(modules.map((module) => pinHelm(join(folder, module))));
    terraform = (module, ...args) =>
      execa(binary, args, { cwd: join(folder, module), env, reject: false, all: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('are formatted', async () => {
    const { exitCode, all } = await terraform('.', 'fmt', '-check', '-recursive', '-diff');
    expect(all).toBe('');
    expect(exitCode).toBe(0);
  });

  test.each(modules)('%s is valid and keeps its promises', async (module) => {
    const init = await terraform(module, 'init', '-backend=false', '-input=false', '-no-color');
    expect(init.all).toContain('Terraform has been successfully initialized!');
    const validated = await terraform(module, 'validate', '-no-color');
    expect(validated.all).toContain('The configuration is valid.');
    const tested = await terraform(module, 'test', '-no-color');
    expect(tested.all).toMatch(/Success! [1-9]\d* passed, 0 failed\./);
  });
});
