import type { EnvironmentFile } from '../config/environment-file.ts';
import {
  type Environment,
  openEnvironment,
  openWorkspace,
  type Workspace,
} from '../config/workspace.ts';
import type { Check } from '../domain/check.ts';
import { EXIT } from '../domain/exit-code.ts';
import type { Host } from '../host/host.ts';
import { sandboxEnvironment, withoutAwsSettings } from '../sandbox/environment.ts';
import { sandboxStatus } from '../sandbox/lifecycle.ts';
import { createAwsCli } from '../tools/aws/aws-cli.ts';
import { headBucket } from '../tools/aws/s3.ts';
import { getCallerIdentity } from '../tools/aws/sts.ts';
import { BINARY_SETS } from '../tools/toolchain/binary-sets.ts';
import { CATALOG } from '../tools/toolchain/catalog.ts';
import { locateSet } from '../tools/toolchain/ensure-set.ts';
import { isInstallable } from '../tools/toolchain/install.ts';
import { locate, readPins } from '../tools/toolchain/locate.ts';
import type { Emit } from './emit.ts';
import { preflight } from './preflight.ts';
import { chooseProviders, ownConfigText } from './provider-choice.ts';
import { sandboxSettings } from './session.ts';

/** Tools without which nothing runs; the others are needed by one command or one step. */
const ESSENTIAL = new Set(['terraform', 'terragrunt', 'nodejs']);

/** Looks at everything a run needs and changes nothing: no tool is installed, no sandbox started. */
export async function doctor(
  host: Host,
  input: { readonly directory: string | undefined; readonly environment: string | undefined },
  emit: Emit,
): Promise<Check[]> {
  const workspace = await openWorkspace(host, input.directory);
  const environment =
    input.environment === undefined
      ? undefined
      : await openEnvironment(host, workspace, input.environment);
  return [
    ...(await toolChecks(host, workspace)),
    ...(environment?.file?.kind === 'sandbox' ? await setChecks(host, workspace) : []),
    await providerCheck(host, workspace, environment),
    ...(environment === undefined
      ? []
      : await environmentChecks(host, workspace, environment, emit)),
  ];
}

async function toolChecks(host: Host, workspace: Workspace): Promise<Check[]> {
  const pins = await readPins(host, workspace.root);
  return Promise.all(
    CATALOG.map(async (tool): Promise<Check> => {
      const lookup = await locate(host, tool, pins, workspace.settings.cacheDirectory);
      const base = { name: tool.name, exitCode: EXIT.tool };
      if (lookup.kind === 'found') {
        const { version, path } = lookup.tool;
        return { ...base, verdict: 'ok', text: `${version}  ${path}` };
      }
      const why = lookup.rejected[0];
      const installable = isInstallable(tool);
      return {
        ...base,
        verdict: ESSENTIAL.has(tool.name) && !installable ? 'bad' : 'warn',
        text:
          why === undefined ? `not found, pinned is ${lookup.pinned}` : `${why.path}: ${why.why}`,
        fix: installable ? `platform tools install ${tool.name}` : tool.hint,
      };
    }),
  );
}

/** What only a sandbox needs: minutes of building, which its first use does by itself. */
async function setChecks(host: Host, workspace: Workspace): Promise<Check[]> {
  const pins = await readPins(host, workspace.root);
  const cache = workspace.settings.cacheDirectory;
  return Promise.all(
    BINARY_SETS.map(async (set): Promise<Check> => {
      const located = await locateSet(host, set, pins, cache);
      const base = { name: set.name, exitCode: EXIT.tool };
      if (located !== undefined) {
        return { ...base, verdict: 'ok', text: `${pins.get(set.name)}  ${located.directory}` };
      }
      const { goBuild } = set.recipe(pins, host.machine);
      const minutes = goBuild === undefined ? '' : `, about ${goBuild.usual.minutes} min if built`;
      const fix = `platform tools install ${set.name}`;
      return { ...base, verdict: 'warn', text: `not there yet${minutes}`, fix };
    }),
  );
}

async function providerCheck(
  host: Host,
  workspace: Workspace,
  environment: Environment | undefined,
): Promise<Check> {
  const choice = await chooseProviders(host, workspace, environment);
  const base = { name: 'providers', verdict: 'ok' as const, exitCode: EXIT.tool };
  if (choice.content === undefined) {
    return { ...base, text: ownConfigText(environment, workspace.settings.cacheDirectory) };
  }
  const places = choice.mirrors.map(({ path, providers }) => `${path} (${providers.join(', ')})`);
  return { ...base, text: [...places, 'the registry'].join(', else ') };
}

async function environmentChecks(
  host: Host,
  workspace: Workspace,
  environment: Environment,
  emit: Emit,
): Promise<Check[]> {
  const { file, name } = environment;
  if (file === undefined) {
    return [
      { name: 'env.yaml', verdict: 'ok', text: 'none: a tree of its own', exitCode: EXIT.ok },
    ];
  }
  const settings = await sandboxSettings(host, workspace, environment, emit);
  if (settings !== undefined) {
    const status = await sandboxStatus(host, settings);
    const base = { name: 'sandbox', verdict: 'ok' as const, exitCode: EXIT.ok };
    if (status.kind !== 'up') {
      const text = 'down, starts by itself when it is needed; quotas and versions not checked';
      return [{ ...base, text: status.kind === 'down' ? text : status.kind }];
    }
    const awsEnv = sandboxEnvironment(status.info, settings);
    const env = { ...withoutAwsSettings(host.env), ...awsEnv };
    return [{ ...base, text: 'up' }, ...(await preflight(host, { file, env, aws: 'aws' }))];
  }
  return awsChecks(host, file, name);
}

async function awsChecks(host: Host, file: EnvironmentFile, name: string): Promise<Check[]> {
  const { account, region, stateBucket: bucket } = file;
  const aws = createAwsCli(host, { aws: 'aws', cwd: host.cwd, env: host.env, region });
  const caller = await aws.ask(getCallerIdentity());
  const base = { exitCode: EXIT.identity };
  if (caller.kind === 'failed') {
    const fix = 'aws sso login, or set AWS_PROFILE';
    return [{ ...base, name: 'credentials', verdict: 'bad', text: caller.failure.text, fix }];
  }
  const identity = caller.value;
  const checks: Check[] = [{ ...base, name: 'credentials', verdict: 'ok', text: identity.arn }];
  if (identity.account !== account) {
    const text = `expected ${account}, got ${identity.account}`;
    const fix = `use credentials of the account that env.yaml of ${name} names`;
    return [...checks, { ...base, name: 'account', verdict: 'bad', text, fix }];
  }
  checks.push({ ...base, name: 'account', verdict: 'ok', text: account });
  const head = await aws.ask(headBucket(bucket));
  checks.push({
    name: 'state bucket',
    exitCode: EXIT.failed,
    ...(head.kind === 'answer'
      ? { verdict: 'ok', text: bucket }
      : {
          verdict: 'bad',
          text: `"${bucket}": ${head.failure.text}`,
          fix: 'make the bucket: docs/state-bucket.md',
        }),
  });
  return [...checks, ...(await preflight(host, { file, env: host.env, aws: 'aws' }))];
}
