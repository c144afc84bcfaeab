import { z } from 'zod';
import { type AwsQuestion, awsQuestion } from './aws-cli.ts';
import { type Tags, tagsSchema } from './tags.ts';

/** What the tag calls of load balancing take at once, in both of its APIs. */
export const MOST_TAGGED_AT_ONCE = 20;

export interface NamedArn {
  readonly arn: string;
  readonly name: string;
}

/** Application and network load balancers. */
export function describeLoadBalancers(): AwsQuestion<NamedArn[]> {
  return awsQuestion(
    ['elbv2', 'describe-load-balancers'],
    z.object({
      LoadBalancers: z.array(
        z.object({ LoadBalancerArn: z.string(), LoadBalancerName: z.string() }),
      ),
    }),
    ({ LoadBalancers }) =>
      LoadBalancers.map(({ LoadBalancerArn, LoadBalancerName }) => ({
        arn: LoadBalancerArn,
        name: LoadBalancerName,
      })),
  );
}

export function describeTargetGroups(): AwsQuestion<NamedArn[]> {
  return awsQuestion(
    ['elbv2', 'describe-target-groups'],
    z.object({
      TargetGroups: z.array(z.object({ TargetGroupArn: z.string(), TargetGroupName: z.string() })),
    }),
    ({ TargetGroups }) =>
      TargetGroups.map(({ TargetGroupArn, TargetGroupName }) => ({
        arn: TargetGroupArn,
        name: TargetGroupName,
      })),
  );
}

/** Tags of load balancers or target groups, by ARN; at most 20 of them. */
export function describeArnTags(arns: readonly string[]): AwsQuestion<ReadonlyMap<string, Tags>> {
  return awsQuestion(
    ['elbv2', 'describe-tags', '--resource-arns', ...arns],
    z.object({
      TagDescriptions: z.array(z.object({ ResourceArn: z.string(), Tags: tagsSchema })),
    }),
    ({ TagDescriptions }) => new Map(TagDescriptions.map((each) => [each.ResourceArn, each.Tags])),
  );
}

/** Names of classic load balancers: what Kubernetes itself makes, without the AWS controller. */
export function describeClassicLoadBalancers(): AwsQuestion<string[]> {
  return awsQuestion(
    ['elb', 'describe-load-balancers'],
    z.object({ LoadBalancerDescriptions: z.array(z.object({ LoadBalancerName: z.string() })) }),
    ({ LoadBalancerDescriptions }) =>
      LoadBalancerDescriptions.map(({ LoadBalancerName }) => LoadBalancerName),
  );
}

/** By name; at most 20 of them. */
export function describeClassicTags(
  names: readonly string[],
): AwsQuestion<ReadonlyMap<string, Tags>> {
  return awsQuestion(
    ['elb', 'describe-tags', '--load-balancer-names', ...names],
    z.object({
      TagDescriptions: z.array(z.object({ LoadBalancerName: z.string(), Tags: tagsSchema })),
    }),
    ({ TagDescriptions }) =>
      new Map(TagDescriptions.map((each) => [each.LoadBalancerName, each.Tags])),
  );
}
