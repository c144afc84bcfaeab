import { join } from 'node:path';
import type { Host } from '../../host/host.ts';

/** A folder in the layout of a filesystem mirror, and the providers that it holds. */
export interface ProviderMirror {
  readonly path: string;
  /** Source addresses, such as `registry.terraform.io/hashicorp/aws`. */
  readonly providers: readonly string[];
}

export interface CliConfigChoice {
  /** Undefined: the person has a configuration of their own, and it is left alone. */
  readonly content: string | undefined;
  readonly mirrors: readonly ProviderMirror[];
}

type Reads = Pick<Host, 'files' | 'env' | 'machine'>;

/**
 * The Terraform CLI configuration for a run. A person's own one wins, if it exists; a variable that
 * names a missing file counts as none. System folders are searched only where that is asked for:
 * a real environment must not pick up a provider that happens to lie about.
 */
export async function chooseCliConfig(
  host: Reads,
  settings: { readonly mirrors: readonly string[]; readonly searchSystem: boolean },
): Promise<CliConfigChoice> {
  const own = host.env.TF_CLI_CONFIG_FILE || join(host.machine.homeDirectory, '.terraformrc');
  const home = host.machine.homeDirectory;
  // Files of this folder are read too, but not beside a file that TF_CLI_CONFIG_FILE names.
  const parts = await host.files.list(join(home, '.terraform.d'));
  if (
    (await host.files.stat(own))?.kind === 'file' ||
    parts.some(({ name }) => name.endsWith('.tfrc') || name.endsWith('.tfrc.json'))
  ) {
    return { content: undefined, mirrors: [] };
  }
  // https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
  const implied = [
    join(home, '.terraform.d', 'plugins'),
    join(host.env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'terraform', 'plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ];
  const system = settings.searchSystem ? await systemFolders(host) : [];
  const mirrors: ProviderMirror[] = [];
  const taken = new Set<string>();
  for (const path of [...settings.mirrors, ...implied, ...system]) {
    // The first folder that holds a provider is the one it comes from.
    const providers = (await providersIn(host, path)).filter((provider) => !taken.has(provider));
    for (const provider of providers) taken.add(provider);
    if (providers.length > 0) mirrors.push({ path, providers });
  }
  return { content: cliConfig(mirrors), mirrors };
}

async function systemFolders(host: Reads): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['/opt', '/usr/share', '/usr/local/share']) {
    for (const entry of await host.files.list(parent)) {
      if (entry.kind === 'directory') folders.push(join(parent, entry.name));
    }
  }
  return folders;
}

const REGISTRY_HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/;

/** `<host>/<namespace>/<type>`: only a host's name looks like one, which keeps other folders out. */
async function providersIn(host: Reads, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const registry of await folders(host, path)) {
    if (!REGISTRY_HOST.test(registry)) continue;
    for (const namespace of await folders(host, join(path, registry))) {
      for (const type of await folders(host, join(path, registry, namespace))) {
        found.push(`${registry}/${namespace}/${type}`);
      }
    }
  }
  return found.sort();
}

async function folders(host: Reads, path: string): Promise<string[]> {
  const entries = await host.files.list(path);
  return entries.filter(({ kind }) => kind === 'directory').map(({ name }) => name);
}

/** Providers of a mirror come from there alone; asking the registry too would fail without a network. */
export function cliConfig(mirrors: readonly ProviderMirror[]): string {
  const quoted = (values: readonly string[]) =>
    values.map((value) => JSON.stringify(value)).join(', ');
  const blocks = mirrors.map(
    ({ path, providers }) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(path)}\n    include = [${quoted(providers)}]\n  }\n`,
  );
  const all = mirrors.flatMap(({ providers }) => providers);
  const exclude = all.length === 0 ? '' : `\n    exclude = [${quoted(all)}]\n  `;
  return `disable_checkpoint = true\n\nprovider_installation {\n${blocks.join('')}  direct {${exclude}}\n}\n`;
}
