import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openWorkspace } from '../../src/config/workspace.ts';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import { cliConfig } from '../../src/tools/terraform/provider-mirrors.ts';
import { ownProviderMirror } from '../../src/tools/toolchain/binary-sets.ts';
import { REPOSITORY } from '../support/platform.ts';
import { toolPath } from '../support/terraform.ts';

/** A release of one of our stand-in charts. */
export interface Release {
  readonly namespace: string;
  readonly chart: 'base' | 'istiod' | 'gateway' | 'gpu-operator';
  readonly values?: object;
  /** False for one whose pods do not become ready. */
  readonly wait?: boolean;
}

export interface Charts {
  /** Adds releases, by their names, and upgrades those that are there. */
  install(releases: Readonly<Record<string, Release>>): Promise<void>;
  remove(): Promise<void>;
}

/** Installs stand-in charts as the modules do: by Terraform's Helm provider. */
export async function openCharts(kubeconfig: string): Promise<Charts> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-charts-'));
  const { settings } = await openWorkspace(createNodeHost(), REPOSITORY);
  const path = ownProviderMirror(settings.cacheDirectory);
  const mirror = { path, providers: ['registry.terraform.io/hashicorp/helm'] };
  await writeFile(join(folder, 'terraform.rc'), cliConfig([mirror]));
  const terraform = await toolPath('terraform');
  const env = { TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), HOME: folder };
  const run = (...args: string[]) => execa(terraform, args, { cwd: folder, env, all: true });
  const installed: Record<string, object> = {};
  return {
    install: async (releases) => {
      const isFirst = Object.keys(installed).length === 0;
      for (const [name, { namespace, chart, values = {}, wait = true }] of Object.entries(
        releases,
      )) {
        installed[name] = {
          name,
          namespace,
          create_namespace: true,
          chart: join(REPOSITORY, 'sandbox/charts', chart),
          wait,
          timeout: 60,
          values: [JSON.stringify(values)],
        };
      }
      const configuration = {
        provider: { helm: { kubernetes: { config_path: kubeconfig } } },
        resource: { helm_release: installed },
      };
      await writeFile(join(folder, 'main.tf.json'), JSON.stringify(configuration));
      if (isFirst) await run('init', '-input=false');
      await run('apply', '-auto-approve', '-input=false');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
