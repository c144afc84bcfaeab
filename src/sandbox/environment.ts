import type { SandboxInfo } from './info.ts';
import type { SandboxSettings } from './settings.ts';

/**
 * The environment without any AWS setting: a profile, a key or an endpoint of the user's must reach
 * neither the emulator nor a tool that is meant for it.
 */
export function withoutAwsSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

/**
 * What makes the AWS provider, the AWS CLI and the SDKs talk to the sandbox: to be laid over an
 * environment from `withoutAwsSettings`. An address and not `localhost`: with an IP the SDKs use
 * path-style S3, with the name Terraform looks up `BUCKET.localhost`.
 */
export function sandboxEnvironment(
  info: Pick<SandboxInfo, 'gatewayPort'>,
  settings: Pick<SandboxSettings, 'region'>,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${info.gatewayPort}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Without these a profile in ~/.aws (an SSO login, another endpoint) would still be read.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** Read by `live/root.hcl`: stands for every chart repository. */
const CHART_REPOSITORY_VARIABLE = 'PLATFORM_CHART_REPOSITORY';

/** Charts come from where `env.yaml` says, which a review has seen, and from no shell's variable: decision 0018. */
export function withoutChartSettings(
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== CHART_REPOSITORY_VARIABLE),
  );
}

/**
 * What makes the Helm provider take its charts from the sandbox and leave the person's own Helm and
 * kubectl alone. Provider 1.x reads `~/.kube/config` beside what it is told, and fails where there is
 * none; later ones do not know the variable.
 * https://github.com/hashicorp/terraform-provider-helm/blob/v1.3.2/website/docs/index.html.markdown
 */
export function chartEnvironment(
  info: Pick<SandboxInfo, 'gatewayPort'>,
  settings: Pick<SandboxSettings, 'directory'>,
): Record<string, string> {
  return {
    [CHART_REPOSITORY_VARIABLE]: `http://127.0.0.1:${info.gatewayPort}/charts`,
    KUBE_LOAD_CONFIG_FILE: 'false',
    HELM_CACHE_HOME: `${settings.directory}/helm/cache`,
    HELM_CONFIG_HOME: `${settings.directory}/helm/config`,
    HELM_DATA_HOME: `${settings.directory}/helm/data`,
  };
}
