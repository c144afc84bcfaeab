import type { Environment, Workspace } from '../config/workspace.ts';
import type { Host } from '../host/host.ts';
import { type CliConfigChoice, chooseCliConfig } from '../tools/terraform/provider-mirrors.ts';
import { ownProviderMirror } from '../tools/toolchain/binary-sets.ts';

/**
 * Where Terraform takes its providers from in this environment. What we made ourselves, an old Helm
 * provider, is for the sandbox alone: a real environment takes the one that its modules name.
 */
export async function chooseProviders(
  host: Pick<Host, 'files' | 'env' | 'machine'>,
  { settings }: Pick<Workspace, 'settings'>,
  environment: Pick<Environment, 'file'> | undefined,
): Promise<CliConfigChoice> {
  const isSandbox = environment?.file?.kind === 'sandbox';
  const own = isSandbox ? [ownProviderMirror(settings.cacheDirectory)] : [];
  return chooseCliConfig(host, {
    mirrors: [...own, ...settings.providerMirrors],
    searchSystem: isSandbox,
  });
}

/** For a person who has a Terraform CLI configuration of his own, which we do not touch. */
export function ownConfigText(
  environment: Pick<Environment, 'file'> | undefined,
  cacheDirectory: string,
): string {
  const text = 'as your Terraform CLI configuration says';
  if (environment?.file?.kind !== 'sandbox') return text;
  const mirror = ownProviderMirror(cacheDirectory);
  return `${text}; it finds the sandbox's hashicorp/helm only with a filesystem_mirror of ${mirror}`;
}
