import { z } from 'zod';
import type { UnitDependency } from '../../domain/unit-config.ts';
import { parseToolJson } from '../json.ts';

/**
 * Renders units without asking for anybody's outputs: no Terraform but `-version` is started. With
 * `all` one process prints a line per unit, in which nothing says which unit it is.
 *
 * @param options.file a configuration by another name than `terragrunt.hcl`
 */
export function renderArgs(
  folder: string,
  options: { readonly all: boolean; readonly file?: string },
): string[] {
  return [
    'render',
    ...(options.all ? ['--all'] : []),
    ...(options.file === undefined ? [] : [`--config=${options.file}`]),
    '--json',
    '--no-color',
    '--non-interactive',
    '--experiment=optional-dependency-outputs',
    '--no-dependency-outputs',
    '--working-dir',
    folder,
  ];
}

const renderedSchema = z.object({
  dependency: z
    .record(
      z.string(),
      z.object({
        config_path: z.string(),
        enabled: z.boolean().nullish(),
        skip: z.boolean().nullish(),
        mock_outputs: z.unknown().optional(),
        mock_outputs_allowed_terraform_commands: z.array(z.string()).nullish(),
        mock_outputs_merge_strategy_with_state: z.string().nullish(),
        mock_outputs_merge_with_state: z.boolean().nullish(),
      }),
    )
    .nullish(),
  terraform_binary: z.string().nullish(),
  dependencies: z.object({ paths: z.array(z.string()).nullish() }).nullish(),
  remote_state: z
    .object({ backend: z.string(), config: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});

export interface RenderedDependency extends Omit<UnitDependency, 'unit' | 'reads'> {
  readonly configPath: string;
}

export interface RenderedUnit {
  readonly dependencies: readonly RenderedDependency[];
  /** Paths of all dependencies, those of order alone too, as they are written. */
  readonly dependencyPaths: readonly string[];
  /** Empty unless the unit names one. */
  readonly terraformBinary: string;
  /** Undefined for a backend that is not Terragrunt's. */
  readonly backend: string | undefined;
  /** Where the state lies, as one comparable line; undefined for a backend that is not Terragrunt's. */
  readonly stateKey: string | undefined;
}

export function parseRender(stdout: string): RenderedUnit[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => {
    const unit = parseToolJson(renderedSchema, line, 'terragrunt render');
    return {
      dependencies: Object.entries(unit.dependency ?? {}).map(([name, dependency]) => ({
        name,
        configPath: dependency.config_path,
        mocks: dependency.mock_outputs ?? undefined,
        enabled: dependency.enabled ?? true,
        skipped: dependency.skip ?? false,
        mergesMocks: mergesMocks(dependency),
        mocksAllowedFor: dependency.mock_outputs_allowed_terraform_commands ?? undefined,
      })),
      dependencyPaths: [
        ...Object.values(unit.dependency ?? {}).map((dependency) => dependency.config_path),
        ...(unit.dependencies?.paths ?? []),
      ],
      terraformBinary: unit.terraform_binary ?? '',
      backend: unit.remote_state?.backend,
      stateKey: unit.remote_state ? stateKey(unit.remote_state) : undefined,
    };
  });
}

type Dependency = NonNullable<z.infer<typeof renderedSchema>['dependency']>[string];

/** As Terragrunt's own getMockOutputsMergeStrategy: the strategy goes before the old boolean. */
function mergesMocks(dependency: Dependency): UnitDependency['mergesMocks'] {
  const strategy = dependency.mock_outputs_merge_strategy_with_state;
  switch (strategy) {
    case undefined:
    case null:
      return dependency.mock_outputs_merge_with_state === true ? 'shallow' : 'no';
    case 'no_merge':
      return 'no';
    case 'shallow':
      return 'shallow';
    default:
      // `deep_map_only`, and whatever a newer Terragrunt may merge.
      return 'deep';
  }
}

/** Settings that name the place of a state, by backend; others, such as a profile, do not move it. */
const PLACE: Readonly<Record<string, readonly string[]>> = {
  s3: ['bucket', 'key', 'endpoint', 'endpoints', 'workspace_key_prefix'],
  gcs: ['bucket', 'prefix'],
  azurerm: ['storage_account_name', 'container_name', 'key'],
  local: ['path'],
};

function stateKey(state: NonNullable<z.infer<typeof renderedSchema>['remote_state']>) {
  const config = state.config ?? {};
  const names = PLACE[state.backend] ?? Object.keys(config).sort();
  // A relative local path lies in the unit's own working folder.
  if (state.backend === 'local' && !String(config.path ?? '').startsWith('/')) return undefined;
  return `${state.backend} ${names.map((name) => JSON.stringify(config[name] ?? null)).join(' ')}`;
}
