import {
  type EntryInput,
  kubeconfigEntry,
} from '../../../../src/tools/kubernetes/kubeconfig/entry.ts';

export const ARN = 'arn:aws:eks:eu-central-1:111122223333:cluster/mlp-dev';

export const given: EntryInput = {
  arn: ARN,
  name: 'mlp-dev',
  endpoint: 'https://ABC.gr7.eu-central-1.eks.amazonaws.com',
  certificateAuthority: 'Q0E=',
  alias: undefined,
  roleArn: undefined,
  env: {},
};

export const entry = kubeconfigEntry({ ...given, alias: 'dev' });
