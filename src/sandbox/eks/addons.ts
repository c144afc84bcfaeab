import { z } from 'zod';
import {
  answer,
  arnOf,
  type EksContext,
  type EksRequest,
  type FoundCluster,
  findCluster,
  inUse,
  invalidParameter,
  newUuid,
  notFound,
  type Outcome,
  parseBody,
  type Refusal,
  shownHealth,
  withCluster,
  without,
} from './handler.ts';
import { associationInTheWay, newAssociation } from './pod-identity.ts';
import type { Addon, ClusterRecord, Store } from './store.ts';
import { newUpdate, showUpdate } from './updates.ts';
import { addonVersions } from './version-data.ts';
import { defaultAddonVersion, versionsOfAddon } from './versions.ts';

const settingsInput = z.object({
  addonVersion: z.string().optional(),
  serviceAccountRoleArn: z.string().optional(),
  configurationValues: z.string().optional(),
  podIdentityAssociations: z
    .array(z.object({ roleArn: z.string(), serviceAccount: z.string() }))
    .optional(),
});

const createInput = settingsInput.extend({
  addonName: z.string().min(1, 'must not be empty'),
  tags: z.record(z.string(), z.string()).default({}),
});

type AssociationInput = z.infer<typeof settingsInput>['podIdentityAssociations'];

/** Undefined when version and configuration are such that EKS would take them. */
function settingsProblem(
  addon: string,
  kubernetes: string,
  input: z.infer<typeof settingsInput>,
): Refusal | undefined {
  const offered = versionsOfAddon(addon, kubernetes);
  if (offered.length === 0) return notFound(`Addon ${addon} is not supported for ${kubernetes}`);
  if (input.addonVersion !== undefined && !offered.includes(input.addonVersion)) {
    return invalidParameter(
      `Addon version specified is not supported: ${addon} ${input.addonVersion} with Kubernetes ${kubernetes}; the sandbox has ${offered.join(', ')}`,
    );
  }
  if (input.configurationValues?.trimStart().startsWith('{')) {
    try {
      JSON.parse(input.configurationValues);
    } catch {
      return invalidParameter('ConfigurationValue is not in valid JSON or YAML format');
    }
  }
  return undefined;
}

/** The record in which exactly the wanted associations belong to the add-on; others of its own are removed. */
function withAssociations(
  context: EksContext,
  record: ClusterRecord,
  addon: Addon,
  wanted: AssociationInput,
): { readonly kind: 'associated'; readonly record: ClusterRecord } | Refusal {
  const namespace = addonVersions[addon.name]?.namespace ?? 'kube-system';
  const podIdentities = { ...record.podIdentities };
  const ids: string[] = [];
  for (const { roleArn, serviceAccount } of wanted ?? []) {
    const other = associationInTheWay(record, namespace, serviceAccount);
    if (other !== undefined && other.ownerArn !== addon.arn) {
      return inUse(`Association already exists: ${other.id}`);
    }
    const association =
      other === undefined
        ? newAssociation(
            context,
            record.fields.name,
            { namespace, serviceAccount, roleArn, disableSessionTags: false, tags: {} },
            addon.arn,
          )
        : { ...other, roleArn, modifiedAt: context.now };
    podIdentities[association.id] = association;
    ids.push(association.id);
  }
  for (const each of Object.values(record.podIdentities)) {
    if (each.ownerArn === addon.arn && !ids.includes(each.id)) delete podIdentities[each.id];
  }
  const arns = ids.map((id) => podIdentities[id]?.arn ?? '');
  const addons = {
    ...record.addons,
    [addon.name]: { ...addon, podIdentityAssociations: arns },
  };
  return { kind: 'associated', record: { ...record, addons, podIdentities } };
}

function showAddon(context: EksContext, cluster: string, addon: Addon): object {
  const data = addonVersions[addon.name];
  return {
    addonName: addon.name,
    clusterName: cluster,
    addonVersion: addon.version,
    addonArn: addon.arn,
    createdAt: addon.createdAt,
    modifiedAt: addon.modifiedAt,
    serviceAccountRoleArn: addon.serviceAccountRoleArn,
    tags: addon.tags,
    publisher: 'eks',
    owner: data?.owner,
    configurationValues: addon.configurationValues,
    podIdentityAssociations: addon.podIdentityAssociations,
    namespaceConfig: { namespace: data?.namespace },
    ...shownHealth(
      context,
      `addon/${cluster}/${addon.name}`,
      addon,
      context.realization(addon.arn, addon.modifiedAt),
    ),
  };
}

interface FoundAddon extends Omit<FoundCluster, 'kind'> {
  readonly kind: 'found-addon';
  readonly addon: Addon;
}

function findAddon(context: EksContext, store: Store, request: EksRequest): FoundAddon | Refusal {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const name = request.params.addon ?? '';
  const addon = found.record.addons[name];
  return addon === undefined
    ? notFound(`No addon: ${name} found in cluster: ${found.record.fields.name}`)
    : { ...found, kind: 'found-addon', addon };
}

export function createAddon(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(createInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const name = input.addonName;
  const cluster = found.record.fields;
  if (found.record.addons[name] !== undefined) return inUse('Addon already exists.');
  const problem = settingsProblem(name, cluster.version, input);
  if (problem !== undefined) return problem;
  const addon: Addon = {
    phase: 'CREATING',
    settledAt: context.now + context.settleSeconds,
    name,
    arn: arnOf(context, `addon/${cluster.name}/${name}/${newUuid(context)}`),
    createdAt: context.now,
    modifiedAt: context.now,
    version: input.addonVersion ?? defaultAddonVersion(name, cluster.version) ?? '',
    serviceAccountRoleArn: input.serviceAccountRoleArn,
    configurationValues: input.configurationValues,
    podIdentityAssociations: [],
    tags: input.tags,
  };
  const wanted = input.podIdentityAssociations;
  const associated = withAssociations(context, found.record, addon, wanted);
  if (associated.kind === 'refused') return associated;
  const { record } = associated;
  return answer(withCluster(store, found.key, record), {
    addon: showAddon(context, cluster.name, record.addons[name] ?? addon),
  });
}

export function describeAddon(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findAddon(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, { addon: showAddon(context, found.record.fields.name, found.addon) });
}

export function listAddons(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findCluster(context, store, request);
  if (found.kind === 'refused') return found;
  return answer(store, { addons: Object.keys(found.record.addons) });
}

export function updateAddon(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findAddon(context, store, request);
  if (found.kind === 'refused') return found;
  const parsed = parseBody(settingsInput, request.body);
  if (parsed.kind === 'refused') return parsed;
  const input = parsed.value;
  const { name } = found.addon;
  const problem = settingsProblem(name, found.record.fields.version, input);
  if (problem !== undefined) return problem;
  const params = {
    AddonVersion: input.addonVersion,
    ConfigurationValues: input.configurationValues,
  };
  const update = newUpdate(context, 'AddonUpdate', params, { addon: name });
  const addon: Addon = {
    ...found.addon,
    version: input.addonVersion ?? found.addon.version,
    serviceAccountRoleArn: input.serviceAccountRoleArn ?? found.addon.serviceAccountRoleArn,
    configurationValues: input.configurationValues ?? found.addon.configurationValues,
    modifiedAt: context.now,
    phase: 'UPDATING',
    settledAt: update.settledAt,
  };
  // Not given means "as it is"; an empty list removes the associations.
  const associated =
    input.podIdentityAssociations === undefined
      ? { record: { ...found.record, addons: { ...found.record.addons, [name]: addon } } }
      : withAssociations(context, found.record, addon, input.podIdentityAssociations);
  if ('kind' in associated && associated.kind === 'refused') return associated;
  const record = { ...associated.record, updates: [...found.record.updates, update] };
  return answer(withCluster(store, found.key, record), {
    update: showUpdate(context, record, update),
  });
}

export function deleteAddon(context: EksContext, store: Store, request: EksRequest): Outcome {
  const found = findAddon(context, store, request);
  if (found.kind === 'refused') return found;
  const { addon, record } = found;
  const addons = without(record.addons, addon.name);
  const podIdentities = Object.fromEntries(
    Object.entries(record.podIdentities).filter(([, each]) => each.ownerArn !== addon.arn),
  );
  return answer(withCluster(store, found.key, { ...record, addons, podIdentities }), {
    addon: { ...showAddon(context, record.fields.name, addon), status: 'DELETING' },
  });
}
