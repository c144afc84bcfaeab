import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import type { AwsCall } from './aws-call.ts';
import { getParameter, getParameters } from './local/ami-parameters.ts';
import { listBudgetTags, rememberBudgetTags, tagBudget, untagBudget } from './local/budget-tags.ts';
import { callerIdentity } from './local/caller-identity.ts';
import { deletePolicy, describePolicy, putPolicy } from './local/efs-policies.ts';
import type { LocalAnswer, LocalState } from './local/local-answer.ts';
import { getQuota, listQuotas } from './local/service-quotas.ts';

/** Calls that moto answers with an error or not at all. */
const localAnswers: Readonly<Record<string, LocalAnswer>> = {
  'servicequotas.GetServiceQuota': getQuota,
  'servicequotas.GetAWSDefaultServiceQuota': getQuota,
  'servicequotas.ListServiceQuotas': listQuotas,
  'servicequotas.ListAWSDefaultServiceQuotas': listQuotas,
  'ssm.GetParameter': getParameter,
  'ssm.GetParameters': getParameters,
  'sts.GetCallerIdentity': callerIdentity,
  'elasticfilesystem.DescribeFileSystemPolicy': describePolicy,
  'elasticfilesystem.PutFileSystemPolicy': putPolicy,
  'elasticfilesystem.DeleteFileSystemPolicy': deletePolicy,
  'budgets.CreateBudget': rememberBudgetTags,
  'budgets.ListTagsForResource': listBudgetTags,
  'budgets.TagResource': tagBudget,
  'budgets.UntagResource': untagBudget,
};

export function answerLocally(
  state: LocalState,
  call: AwsCall,
  request: HttpRequest,
): HttpResponse | undefined {
  const local = localAnswers[`${call.service}.${call.operation}`];
  if (local === undefined) return undefined;
  const text = new TextDecoder().decode(request.body);
  return local(state, call, call.protocol === 'json' ? JSON.parse(text) : text);
}
