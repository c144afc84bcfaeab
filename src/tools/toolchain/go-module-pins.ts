import { join } from 'node:path';
import type { Host } from '../../host/host.ts';

/** What the sandbox runs, and the Go module below `tools/` that says in which version. */
const MODULES = [
  { name: 'kubernetes', folder: 'kubernetes', module: 'k8s.io/kubernetes' },
  { name: 'etcd', folder: 'kubernetes', module: 'go.etcd.io/etcd/server/v3' },
  { name: 'kwok', folder: 'kubernetes', module: 'sigs.k8s.io/kwok' },
  {
    name: 'helm-provider',
    folder: 'helm-provider',
    module: 'github.com/hashicorp/terraform-provider-helm',
  },
] as const;

/**
 * Versions of what is no tool of a person's: `go.mod` alone has them, since a build takes them from
 * there, and neither asdf nor mise would know their names in `.tool-versions`.
 */
export async function readGoModulePins(
  host: Pick<Host, 'files' | 'machine'>,
): Promise<Map<string, string>> {
  const pins = new Map<string, string>();
  for (const { name, folder, module } of MODULES) {
    const path = join(host.machine.packageDirectory, 'tools', folder, 'go.mod');
    const version = requiredVersion((await host.files.read(path)) ?? '', module);
    if (version !== undefined) pins.set(name, version);
  }
  return pins;
}

/** Without the v. https://go.dev/ref/mod#go-mod-file-require */
export function requiredVersion(goMod: string, module: string): string | undefined {
  for (const line of goMod.split('\n')) {
    const [path, version] = line
      .replace(/^\s*require\s/, '')
      .trim()
      .split(/\s+/);
    if (path === module && version?.startsWith('v')) return version.slice(1);
  }
  return undefined;
}
