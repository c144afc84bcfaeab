import { kubectlBuild } from './kubernetes-build.ts';
import type { GoBuild, Release, System } from './recipe.ts';

/** What the product needs to know of a tool: how to ask its version, and where a machine gets it from. */
export interface Tool {
  readonly name: string;
  readonly binary: string;
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  /** Is a found version good enough for the pinned one? */
  readonly accepts: (found: Version, pinned: Version) => boolean;
  readonly release?: (version: string, system: System) => Release;
  readonly goBuild?: (version: string) => GoBuild;
  /** The binary set that holds this tool too, in the version that it was made of. */
  readonly alsoIn?: string;
  /** For tools that people install themselves. */
  readonly hint: string;
}

export type Version = readonly [major: number, minor: number, patch: number];

const sameMinor = (found: Version, pinned: Version) =>
  found[0] === pinned[0] && found[1] === pinned[1];
const notOlder = (found: Version, pinned: Version) =>
  found[0] === pinned[0] &&
  (found[1] > pinned[1] || (found[1] === pinned[1] && found[2] >= pinned[2]));
const atLeast =
  (...minimum: [number, number]) =>
  (found: Version) =>
    found[0] > minimum[0] || (found[0] === minimum[0] && found[1] >= minimum[1]);

const TERRAGRUNT = 'github.com/gruntwork-io/terragrunt';

export const CATALOG: readonly Tool[] = [
  {
    name: 'terraform',
    binary: 'terraform',
    versionArgs: ['version'],
    versionPattern: /Terraform v(\d+\.\d+\.\d+)/,
    // State lock files on S3 came with 1.10; a newer minor than the pinned one writes plans we know.
    accepts: (found) => found[0] === 1 && found[1] >= 10,
    release: (version, { platform, arch }) => ({
      url: `https://releases.hashicorp.com/terraform/${version}/terraform_${version}_${platform}_${arch}.zip`,
      checksum: {
        kind: 'list',
        url: `https://releases.hashicorp.com/terraform/${version}/terraform_${version}_SHA256SUMS`,
      },
      archive: { kind: 'zip', member: 'terraform' },
      output: 'terraform',
    }),
    hint: 'https://developer.hashicorp.com/terraform/install',
  },
  {
    name: 'terragrunt',
    binary: 'terragrunt',
    versionArgs: ['--version'],
    versionPattern: /v?(\d+\.\d+\.\d+)/,
    // What we rely on is measured per minor, see docs/decisions.
    accepts: sameMinor,
    release: (version, { platform, arch }) => ({
      url: `https://github.com/gruntwork-io/terragrunt/releases/download/v${version}/terragrunt_${platform}_${arch}`,
      checksum: {
        kind: 'list',
        url: `https://github.com/gruntwork-io/terragrunt/releases/download/v${version}/SHA256SUMS`,
      },
      output: 'terragrunt',
    }),
    goBuild: (version) => ({
      folder: 'terragrunt',
      binaries: [{ package: TERRAGRUNT, module: TERRAGRUNT, version, output: 'terragrunt' }],
      variables: { [`${TERRAGRUNT}/internal/version.Version`]: `v${version}` },
      usual: { minutes: 4, gigabytes: 4 },
    }),
    hint: 'https://docs.terragrunt.com/getting-started/install',
  },
  {
    name: 'kubectl',
    binary: 'kubectl',
    versionArgs: ['version', '--client'],
    versionPattern: /Client Version: v(\d+\.\d+\.\d+)/,
    // Everything we call was seen to work from 1.27 on.
    accepts: atLeast(1, 27),
    release: (version, { platform, arch }) => ({
      url: `https://dl.k8s.io/release/v${version}/bin/${platform}/${arch}/kubectl`,
      checksum: {
        kind: 'list',
        url: `https://dl.k8s.io/release/v${version}/bin/${platform}/${arch}/kubectl.sha256`,
      },
      output: 'kubectl',
    }),
    goBuild: kubectlBuild,
    alsoIn: 'kubernetes',
    hint: 'https://kubernetes.io/docs/tasks/tools',
  },
  {
    name: 'awscli',
    binary: 'aws',
    versionArgs: ['--version'],
    versionPattern: /aws-cli\/(\d+\.\d+\.\d+)/,
    // `eks get-token` with v1beta1 credentials came with 1.24 and 2.7.
    accepts: atLeast(1, 24),
    hint: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  },
  {
    name: 'python',
    binary: 'python3',
    versionArgs: ['--version'],
    versionPattern: /Python (\d+\.\d+\.\d+)/,
    accepts: atLeast(3, 10),
    hint: 'https://www.python.org/downloads',
  },
  {
    name: 'golang',
    binary: 'go',
    versionArgs: ['version'],
    versionPattern: /go(\d+\.\d+(?:\.\d+)?)/,
    accepts: notOlder,
    hint: 'https://go.dev/dl',
  },
  {
    name: 'nodejs',
    binary: 'node',
    versionArgs: ['--version'],
    versionPattern: /v(\d+\.\d+\.\d+)/,
    accepts: atLeast(20, 19),
    hint: 'https://nodejs.org',
  },
];

export function parseVersion(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** `.tool-versions`: a tool and its version per line, as asdf and mise read it. */
export function parseToolVersions(text: string): Map<string, string> {
  const pins = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name, version] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (name && version) pins.set(name, version);
  }
  return pins;
}
