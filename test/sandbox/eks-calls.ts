import type { EksContext, Facts, Outcome } from '../../src/sandbox/eks/handler.ts';
import { matchRoute } from '../../src/sandbox/eks/routes.ts';
import { emptyStore, type Store } from '../../src/sandbox/eks/store.ts';

export const facts: Facts = {
  network: {
    vpcId: 'vpc-1',
    securityGroupId: 'sg-1',
    callerArn: 'arn:aws:iam::111122223333:user/me',
  },
  launchTemplate: { id: 'lt-1', name: 'nodes', version: '2' },
};

export const nodeRole = 'arn:aws:iam::111122223333:role/node';
export const teamRole = 'arn:aws:iam::111122223333:role/teams/ml';

/** A clock that stands still and ids that count: the same calls give the same store. */
export function newContext(changes: Partial<EksContext> = {}): EksContext {
  let count = 0;
  return {
    account: '111122223333',
    region: 'eu-central-1',
    now: 1_760_000_000,
    settleSeconds: 0,
    newHex: (digits) => {
      count += 1;
      return count.toString(16).padStart(digits, '0');
    },
    controlPlane: () => ({
      kind: 'ready',
      endpoint: 'https://127.0.0.1:1',
      certificateAuthorityData: 'Y2E=',
    }),
    realization: () => ({ kind: 'done' }),
    forced: {},
    ...changes,
  };
}

/** The EKS part of the gateway without its input and output: a store, and calls on it. */
export class EksCalls {
  store: Store = emptyStore;
  context: EksContext;

  constructor(context: EksContext = newContext()) {
    this.context = context;
  }

  /** `line` is method and path as on the wire; facts are at hand when a handler asks for them. */
  call(line: string, body: unknown = {}): Outcome {
    const [method = '', path = ''] = line.split(' ');
    const matched = matchRoute(method, path);
    if (matched === undefined) throw new Error(`no route for ${line}`);
    const query = new URLSearchParams(path.split('?')[1] ?? '');
    const request = { params: matched.params, query, body };
    let outcome = matched.route.handler(this.context, this.store, { ...request, facts: {} });
    if (outcome.kind === 'needs') {
      outcome = matched.route.handler(this.context, this.store, { ...request, facts });
    }
    if (outcome.kind === 'answer') this.store = outcome.store;
    return outcome;
  }

  /** The body of a call that has to succeed. */
  ok(line: string, body: unknown = {}): Record<string, unknown> {
    const outcome = this.call(line, body);
    if (outcome.kind !== 'answer') throw new Error(`${line}: ${JSON.stringify(outcome)}`);
    return JSON.parse(JSON.stringify(outcome.body));
  }

  /** `status code` of a call that has to be refused. */
  refused(line: string, body: unknown = {}): string {
    const outcome = this.call(line, body);
    if (outcome.kind !== 'refused') throw new Error(`${line} was not refused`);
    return `${outcome.status} ${outcome.code}`;
  }
}

export const clusterInput = {
  name: 'demo',
  roleArn: 'arn:aws:iam::111122223333:role/cluster',
  version: '1.32',
  resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] },
  accessConfig: { authenticationMode: 'API' },
};

export const nodeGroupInput = {
  nodegroupName: 'cpu',
  nodeRole,
  subnets: ['subnet-1'],
  instanceTypes: ['m6i.large'],
  scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 2 },
};

/** A cluster with one of each. */
export function furnished(context?: EksContext): EksCalls {
  const eks = new EksCalls(context);
  eks.ok('POST /clusters', clusterInput);
  eks.ok('POST /clusters/demo/node-groups', nodeGroupInput);
  eks.ok('POST /clusters/demo/addons', {
    addonName: 'aws-ebs-csi-driver',
    podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: nodeRole }],
  });
  eks.ok('POST /clusters/demo/pod-identity-associations', {
    namespace: 'ml',
    serviceAccount: 'loader',
    roleArn: nodeRole,
  });
  eks.ok('POST /clusters/demo/access-entries', { principalArn: teamRole });
  return eks;
}
