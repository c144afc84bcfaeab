import { join } from 'node:path';
import { UserError } from '../../domain/errors.ts';
import type { Host } from '../../host/host.ts';
import type { Cloud } from '../session.ts';

/** Flags of the entry, with the meaning that `aws eks update-kubeconfig` gives them. */
export interface EntryFlags {
  readonly alias: string | undefined;
  /** Assumed for the token alone; the cluster is described without it. */
  readonly roleArn: string | undefined;
  readonly profile: string | undefined;
}

/** @throws UserError on a value that no kubeconfig should hold */
export function checkFlags(flags: EntryFlags, kind: 'sandbox' | 'aws'): void {
  const { alias, roleArn, profile } = flags;
  for (const [flag, value] of Object.entries({ '--alias': alias, '--profile': profile })) {
    if (value !== undefined && (value === '' || /\p{Cc}/u.test(value))) {
      throw new UserError({ what: `${JSON.stringify(value)} is no name`, where: flag });
    }
  }
  if (roleArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) {
    throw new UserError({
      what: `${JSON.stringify(roleArn)} is not the ARN of a role`,
      where: '--role-arn',
      next: 'such as arn:aws:iam::111122223333:role/name',
    });
  }
  if (kind === 'sandbox' && profile !== undefined) {
    throw new UserError({
      what: `the sandbox has no use for the profile "${profile}"`,
      where: '--profile',
      next: 'leave it out: the entry carries the credentials of the sandbox',
    });
  }
}

export interface PluginSettings {
  /** Environment that the cluster is described with. */
  readonly sdkEnv: Readonly<Record<string, string>>;
  /** What the entry's plugin is to find in its environment. */
  readonly pluginEnv: Readonly<Record<string, string>>;
}

/** With what AWS is asked for the cluster now, and for a token whenever kubectl is used. */
export async function pluginSettings(
  host: Pick<Host, 'env' | 'files'>,
  { env, sandbox }: Cloud,
  profile: string | undefined,
): Promise<PluginSettings> {
  if (sandbox !== undefined) {
    return { sdkEnv: env, pluginEnv: await sandboxPlugin(host, sandbox) };
  }
  // In this order: https://github.com/boto/botocore/blob/1.43.11/botocore/configprovider.py
  const named = profile ?? env.AWS_DEFAULT_PROFILE ?? env.AWS_PROFILE ?? '';
  if (named === '') return { sdkEnv: env, pluginEnv: {} };
  // A profile that is named by a flag goes before keys in the environment, one from a variable behind them.
  const base = profile === undefined ? env : withoutKeys(env);
  return { sdkEnv: { ...base, AWS_PROFILE: named }, pluginEnv: { AWS_PROFILE: named } };
}

function withoutKeys(env: Cloud['env']): Record<string, string> {
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !keys.includes(name)));
}

/**
 * A kubeconfig can set variables for its plugin and take none away. A person's own `AWS_PROFILE` would
 * end the AWS CLI with "profile could not be found", so a profile is named that is there.
 */
async function sandboxPlugin(
  host: Pick<Host, 'files'>,
  { env, directory }: NonNullable<Cloud['sandbox']>,
): Promise<Record<string, string>> {
  const config = join(directory, 'aws-config');
  await host.files.writeAtomic(config, '[default]\n', { mode: 0o600 });
  return {
    ...env,
    AWS_CONFIG_FILE: config,
    AWS_PROFILE: 'default',
    AWS_DEFAULT_PROFILE: 'default',
  };
}
