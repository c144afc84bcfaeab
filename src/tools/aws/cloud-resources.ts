import type { CloudResource } from '../../domain/leftover.ts';
import type { AwsAnswer, AwsCli, AwsQuestion } from './aws-cli.ts';
import {
  describeNetworkInterfaces,
  describeSecurityGroups,
  describeVolumes,
  type TaggedThing,
} from './ec2.ts';
import {
  describeArnTags,
  describeClassicLoadBalancers,
  describeClassicTags,
  describeLoadBalancers,
  describeTargetGroups,
  MOST_TAGGED_AT_ONCE,
  type NamedArn,
} from './elb.ts';
import { describeLogGroups } from './logs.ts';
import type { Tags } from './tags.ts';

type Resources = Promise<AwsAnswer<CloudResource[]>>;

/** Load balancers of both kinds and target groups of the whole region, with their tags. */
export async function readLoadBalancers(aws: AwsCli): Resources {
  return joined([
    await readByArn(aws, 'load balancer', describeLoadBalancers()),
    await readByArn(aws, 'target group', describeTargetGroups()),
    await readClassic(aws),
  ]);
}

/**
 * Volumes, network interfaces and security groups that have a tag whose key is like one of these. One
 * pattern at a time: the sandbox's emulator takes several for all of them, AWS for any.
 */
export async function readTagged(aws: AwsCli, keyPatterns: readonly string[]): Resources {
  const answer = joined(
    await Promise.all(
      keyPatterns.flatMap((pattern) => {
        const filters = { 'tag-key': [pattern] };
        return [
          readThings(aws, 'volume', describeVolumes(filters)),
          readThings(aws, 'network interface', describeNetworkInterfaces(filters)),
          readThings(aws, 'security group', describeSecurityGroups(filters)),
        ];
      }),
    ),
  );
  if (answer.kind === 'failed') return answer;
  return found([...new Map(answer.value.map((each) => [each.id, each])).values()]);
}

export async function readLogGroups(aws: AwsCli, prefix: string): Resources {
  const answer = await aws.ask(describeLogGroups(prefix));
  if (answer.kind === 'failed') return answer;
  return found(answer.value.map((id) => ({ kind: 'log group', id, about: '', tags: {} })));
}

async function readThings(
  aws: AwsCli,
  kind: CloudResource['kind'],
  question: AwsQuestion<TaggedThing[]>,
): Resources {
  const answer = await aws.ask(question);
  return answer.kind === 'failed'
    ? answer
    : found(answer.value.map((thing) => ({ kind, ...thing })));
}

async function readByArn(
  aws: AwsCli,
  kind: CloudResource['kind'],
  question: AwsQuestion<NamedArn[]>,
): Resources {
  const named = await aws.ask(question);
  if (named.kind === 'failed') return named;
  const arns = named.value.map(({ arn }) => arn);
  const tags = await tagsOf(arns, (some) => aws.ask(describeArnTags(some)));
  if (tags.kind === 'failed') return tags;
  return found(
    named.value.map(({ arn, name }) => ({
      kind,
      id: arn,
      about: name,
      tags: tags.value.get(arn) ?? {},
    })),
  );
}

async function readClassic(aws: AwsCli): Resources {
  const names = await aws.ask(describeClassicLoadBalancers());
  if (names.kind === 'failed') return names;
  const tags = await tagsOf(names.value, (some) => aws.ask(describeClassicTags(some)));
  if (tags.kind === 'failed') return tags;
  const kind = 'classic load balancer';
  return found(names.value.map((id) => ({ kind, id, about: '', tags: tags.value.get(id) ?? {} })));
}

async function tagsOf(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<AwsAnswer<ReadonlyMap<string, Tags>>>,
): Promise<AwsAnswer<ReadonlyMap<string, Tags>>> {
  const all = new Map<string, Tags>();
  for (let start = 0; start < ids.length; start += MOST_TAGGED_AT_ONCE) {
    const answer = await ask(ids.slice(start, start + MOST_TAGGED_AT_ONCE));
    if (answer.kind === 'failed') return answer;
    for (const [id, tags] of answer.value) all.set(id, tags);
  }
  return { kind: 'answer', value: all };
}

/** The first failure, else all of them. */
function joined(answers: readonly AwsAnswer<CloudResource[]>[]): AwsAnswer<CloudResource[]> {
  const value: CloudResource[] = [];
  for (const answer of answers) {
    if (answer.kind === 'failed') return answer;
    value.push(...answer.value);
  }
  return { kind: 'answer', value };
}

function found(value: CloudResource[]): AwsAnswer<CloudResource[]> {
  return { kind: 'answer', value };
}
