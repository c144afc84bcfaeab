import * as accessEntries from './access-entries.ts';
import * as accessPolicies from './access-policies.ts';
import * as addons from './addons.ts';
import * as clusterUpdates from './cluster-updates.ts';
import * as clusters from './clusters.ts';
import { answer, type Handler } from './handler.ts';
import * as insights from './insights.ts';
import * as nodeGroupUpdates from './node-group-updates.ts';
import * as nodeGroups from './node-groups.ts';
import * as podIdentity from './pod-identity.ts';
import * as tags from './tags.ts';
import * as updates from './updates.ts';
import * as versions from './versions.ts';

export interface Route {
  readonly method: string;
  /** Parts with a colon name a parameter; each part is one segment, percent-encoded on the wire. */
  readonly path: string;
  readonly operation: string;
  readonly handler: Handler;
}

function route(line: string, operation: string, handler: Handler): Route {
  const [method = '', path = ''] = line.split(' ');
  return { method, path, operation, handler };
}

function alwaysEmpty(field: string): Handler {
  return (_context, store) => answer(store, { [field]: [] });
}

/** Every EKS call that is answered here; methods and paths are those of the EKS API reference. */
export const routes: readonly Route[] = [
  route('POST /clusters', 'CreateCluster', clusters.createCluster),
  route('GET /clusters', 'ListClusters', clusters.listClusters),
  route('GET /clusters/:cluster', 'DescribeCluster', clusters.describeCluster),
  route('DELETE /clusters/:cluster', 'DeleteCluster', clusters.deleteCluster),
  route(
    'POST /clusters/:cluster/update-config',
    'UpdateClusterConfig',
    clusterUpdates.updateClusterConfig,
  ),
  route(
    'POST /clusters/:cluster/updates',
    'UpdateClusterVersion',
    clusterUpdates.updateClusterVersion,
  ),
  route(
    'POST /clusters/:cluster/encryption-config/associate',
    'AssociateEncryptionConfig',
    clusterUpdates.associateEncryptionConfig,
  ),
  route('GET /clusters/:cluster/updates', 'ListUpdates', updates.listUpdates),
  route('GET /clusters/:cluster/updates/:update', 'DescribeUpdate', updates.describeUpdate),
  route('POST /clusters/:cluster/insights', 'ListInsights', insights.listInsights),
  route(
    'GET /clusters/:cluster/fargate-profiles',
    'ListFargateProfiles',
    alwaysEmpty('fargateProfileNames'),
  ),
  route(
    'GET /clusters/:cluster/identity-provider-configs',
    'ListIdentityProviderConfigs',
    alwaysEmpty('identityProviderConfigs'),
  ),

  route('POST /clusters/:cluster/node-groups', 'CreateNodegroup', nodeGroups.createNodeGroup),
  route('GET /clusters/:cluster/node-groups', 'ListNodegroups', nodeGroups.listNodeGroups),
  route(
    'GET /clusters/:cluster/node-groups/:nodeGroup',
    'DescribeNodegroup',
    nodeGroups.describeNodeGroup,
  ),
  route(
    'DELETE /clusters/:cluster/node-groups/:nodeGroup',
    'DeleteNodegroup',
    nodeGroups.deleteNodeGroup,
  ),
  route(
    'POST /clusters/:cluster/node-groups/:nodeGroup/update-config',
    'UpdateNodegroupConfig',
    nodeGroupUpdates.updateNodeGroupConfig,
  ),
  route(
    'POST /clusters/:cluster/node-groups/:nodeGroup/update-version',
    'UpdateNodegroupVersion',
    nodeGroupUpdates.updateNodeGroupVersion,
  ),

  route('POST /clusters/:cluster/addons', 'CreateAddon', addons.createAddon),
  route('GET /clusters/:cluster/addons', 'ListAddons', addons.listAddons),
  route('GET /clusters/:cluster/addons/:addon', 'DescribeAddon', addons.describeAddon),
  route('DELETE /clusters/:cluster/addons/:addon', 'DeleteAddon', addons.deleteAddon),
  route('POST /clusters/:cluster/addons/:addon/update', 'UpdateAddon', addons.updateAddon),
  route('GET /addons/supported-versions', 'DescribeAddonVersions', versions.describeAddonVersions),
  route(
    'GET /addons/configuration-schemas',
    'DescribeAddonConfiguration',
    versions.describeAddonConfiguration,
  ),
  route('GET /cluster-versions', 'DescribeClusterVersions', versions.describeClusterVersions),

  route(
    'POST /clusters/:cluster/pod-identity-associations',
    'CreatePodIdentityAssociation',
    podIdentity.createPodIdentity,
  ),
  route(
    'GET /clusters/:cluster/pod-identity-associations',
    'ListPodIdentityAssociations',
    podIdentity.listPodIdentities,
  ),
  route(
    'GET /clusters/:cluster/pod-identity-associations/:association',
    'DescribePodIdentityAssociation',
    podIdentity.describePodIdentity,
  ),
  route(
    'POST /clusters/:cluster/pod-identity-associations/:association',
    'UpdatePodIdentityAssociation',
    podIdentity.updatePodIdentity,
  ),
  route(
    'DELETE /clusters/:cluster/pod-identity-associations/:association',
    'DeletePodIdentityAssociation',
    podIdentity.deletePodIdentity,
  ),

  route(
    'POST /clusters/:cluster/access-entries',
    'CreateAccessEntry',
    accessEntries.createAccessEntry,
  ),
  route(
    'GET /clusters/:cluster/access-entries',
    'ListAccessEntries',
    accessEntries.listAccessEntries,
  ),
  route(
    'GET /clusters/:cluster/access-entries/:principal',
    'DescribeAccessEntry',
    accessEntries.describeAccessEntry,
  ),
  route(
    'POST /clusters/:cluster/access-entries/:principal',
    'UpdateAccessEntry',
    accessEntries.updateAccessEntry,
  ),
  route(
    'DELETE /clusters/:cluster/access-entries/:principal',
    'DeleteAccessEntry',
    accessEntries.deleteAccessEntry,
  ),
  route(
    'POST /clusters/:cluster/access-entries/:principal/access-policies',
    'AssociateAccessPolicy',
    accessPolicies.associateAccessPolicy,
  ),
  route(
    'GET /clusters/:cluster/access-entries/:principal/access-policies',
    'ListAssociatedAccessPolicies',
    accessPolicies.listAssociatedAccessPolicies,
  ),
  route(
    'DELETE /clusters/:cluster/access-entries/:principal/access-policies/:policy',
    'DisassociateAccessPolicy',
    accessPolicies.disassociateAccessPolicy,
  ),
  route('GET /access-policies', 'ListAccessPolicies', accessPolicies.listAccessPolicies),

  route('GET /tags/:arn', 'ListTagsForResource', tags.listTags),
  route('POST /tags/:arn', 'TagResource', tags.tagResource),
  route('DELETE /tags/:arn', 'UntagResource', tags.untagResource),
];

export interface MatchedRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

function paramsOf(
  pattern: string,
  segments: readonly string[],
): Record<string, string> | undefined {
  const wanted = pattern.slice(1).split('/');
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}

/** The route of a request; ARNs in the path are one percent-encoded segment. */
export function matchRoute(method: string, pathAndQuery: string): MatchedRoute | undefined {
  const [path = ''] = pathAndQuery.split('?');
  const segments = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decodeSegment);
  for (const each of routes) {
    if (each.method !== method) continue;
    const params = paramsOf(each.path, segments);
    if (params !== undefined) return { route: each, params };
  }
  return undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
