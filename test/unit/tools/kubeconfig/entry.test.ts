import { expect, test } from 'vitest';
import {
  type EntryInput,
  kubeconfigEntry,
  newKubeconfig,
} from '../../../../src/tools/kubernetes/kubeconfig/entry.ts';
import { ARN, given } from './entries.ts';

const text = (more: Partial<EntryInput> = {}, setCurrent = true) =>
  newKubeconfig(kubeconfigEntry({ ...given, ...more }), setCurrent);

test('a new file has the keys of the AWS CLI, in its order', () => {
  expect(text()).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://ABC.gr7.eu-central-1.eks.amazonaws.com
  name: ${ARN}
contexts:
- context:
    cluster: ${ARN}
    user: ${ARN}
  name: ${ARN}
current-context: ${ARN}
kind: Config
preferences: {}
users:
- name: ${ARN}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-central-1
      - eks
      - get-token
      - --cluster-name
      - mlp-dev
      - --output
      - json
      command: aws
`);
});

test('an alias names the context and nothing else', () => {
  const named = text({ alias: 'dev' });
  expect(named).toContain(`    user: ${ARN}\n  name: dev\ncurrent-context: dev\n`);
  expect(named).toContain(`users:\n- name: ${ARN}\n`);
});

test('a role is assumed by the plugin, a profile stands in its environment', () => {
  const roleArn = 'arn:aws:iam::111122223333:role/admin';
  expect(text({ roleArn, env: { AWS_PROFILE: 'work' } })).toMatch(
    /- json\n {6}- --role\n {6}- arn:aws:iam::111122223333:role\/admin\n {6}command: aws\n {6}env:\n {6}- name: AWS_PROFILE\n {8}value: work\n$/,
  );
});

test('the region is the one of the ARN', () => {
  const arn = 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/x';
  expect(text({ arn })).toContain('- --region\n      - cn-north-1\n');
});

test('a context that is not to be the current one leaves none', () => {
  expect(text({}, false)).toContain("\ncurrent-context: ''\n");
});
