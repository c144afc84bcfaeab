import { z } from 'zod';
import {
  authenticationModes,
  enabledLogTypes,
  encryptionInput,
  extraBlocks,
  extrasOf,
  loggingInput,
} from './clusters.ts';
import {
  answer,
  type EksContext,
  type EksRequest,
  type FoundCluster,
  findCluster,
  invalidParameter,
  type Outcome,
  parseBody,
  withCluster,
} from './handler.ts';
import type { ClusterFields, Store } from './store.ts';
import { newUpdate, showUpdate } from './updates.ts';
import { findClusterVersion, minorSteps } from './versions.ts';

const vpcInput = z.object({
  subnetIds: z.array(z.string()).optional(),
  securityGroupIds: z.array(z.string()).optional(),
  endpointPublicAccess: z.boolean().optional(),
  endpointPrivateAccess: z.boolean().optional(),
  publicAccessCidrs: z.array(z.string()).optional(),
});

const configInput = z.object({
  resourcesVpcConfig: vpcInput.optional(),
  logging: loggingInput.optional(),
  accessConfig: z.object({ authenticationMode: z.enum(authenticationModes) }).optional(),
  upgradePolicy: z.object({ supportType: z.enum(['STANDARD', 'EXTENDED']) }).optional(),
  deletionProtection: z.boolean().optional(),
});

/** EKS takes one concern in each call. */
const concerns = [
  ['resourcesVpcConfig', 'EndpointAccessUpdate'],
  ['logging', 'LoggingUpdate'],
  ['accessConfig', 'AccessConfigUpdate'],
  ['upgradePolicy', 'UpgradePolicyUpdate'],
  ['deletionProtection', 'DeletionProtectionUpdate'],
  ...extraBlocks.map((name) => [name, 'ConfigUpdate'] as const),
] as const;

function started(
  context: EksContext,
  store: Store,
  found: FoundCluster,
  fields: ClusterFields,
  type: string,
  params: Readonly<Record<string, unknown>>,
): Outcome {
  const update = newUpdate(context, type, params);
  const record = {
    ...found.record,
    fields: { ...fields, phase: 'UPDATING', settledAt: update.settledAt },
    updates: [...found.record.updates, update],
  };
  return answer(withCluster(store, found.key, record), {
    update: showUpdate(context, record, update),
  });
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined),
  ) as Defined<T>;
}

/** From closed to open: EKS never goes back. */
function modeRank(mode: string): number {
  const modes: readonly string[] = authenticationModes;
  return modes.indexOf(mode);
}

export function updateClusterConfig(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(configInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const body = z.record(z.string(), z.unknown()).parse(request.body);
  const asked = concerns.filter(([name]) => body[name] !== undefined && body[name] !== null);
  const [first] = asked;
  if (first === undefined) return invalidParameter('No changes needed for the given update');
  const extras = extrasOf(request.body);
  // Auto Mode is one concern in several blocks.
  if (asked.length > 1 && asked.some(([name]) => !(name in extras) && name !== 'accessConfig')) {
    return invalidParameter('Only one type of update can be allowed.');
  }
  const input = parsed.value;
  const before = found.record.fields;
  if (
    input.accessConfig !== undefined &&
    modeRank(input.accessConfig.authenticationMode) < modeRank(before.authenticationMode)
  ) {
    return invalidParameter(
      `Unsupported authentication mode update from ${before.authenticationMode} to ${input.accessConfig.authenticationMode}`,
    );
  }
  const after: ClusterFields = {
    ...before,
    vpc: { ...before.vpc, ...defined(input.resourcesVpcConfig ?? {}) },
    enabledLogs:
      input.logging === undefined
        ? before.enabledLogs
        : enabledLogTypes(input.logging, before.enabledLogs),
    authenticationMode: input.accessConfig?.authenticationMode ?? before.authenticationMode,
    supportType: input.upgradePolicy?.supportType ?? before.supportType,
    deletionProtection: input.deletionProtection ?? before.deletionProtection,
    extras: { ...before.extras, ...extras },
  };
  if (JSON.stringify(after) === JSON.stringify(before)) {
    return invalidParameter('Cluster is already at the desired configuration');
  }
  return started(context, store, found, after, first[1], { [first[0]]: body[first[0]] });
}

export function updateClusterVersion(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(z.object({ version: z.string() }), request.body);
  if (parsed.kind === 'refused') return parsed;
  const { version } = parsed.value;
  const before = found.record.fields;
  const release = findClusterVersion(version);
  if (release === undefined) return invalidParameter(`unsupported Kubernetes version ${version}`);
  if (version === before.version) {
    return invalidParameter(`Cluster is already at version: ${version}`);
  }
  if (minorSteps(before.version, version) !== 1) {
    return invalidParameter(
      `Unsupported Kubernetes minor version update from ${before.version} to ${version}`,
    );
  }
  return started(context, store, found, { ...before, version }, 'VersionUpdate', {
    Version: version,
    PlatformVersion: release.platformVersion,
  });
}

export function associateEncryptionConfig(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(z.object({ encryptionConfig: encryptionInput }), request.body);
  if (parsed.kind === 'refused') return parsed;
  const { encryptionConfig } = parsed.value;
  if (found.record.fields.encryptionConfig.length > 0) {
    return invalidParameter('Encryption is already enabled for this cluster');
  }
  const after = { ...found.record.fields, encryptionConfig };
  return started(context, store, found, after, 'AssociateEncryptionConfig', { encryptionConfig });
}
