import { z } from 'zod';
import { jsonResponse } from '../aws-error.ts';
import { awsJson, type LocalAnswer } from './local-answer.ts';

const tagList = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);

function toMap(tags: z.infer<typeof tagList>): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));
}

export const rememberBudgetTags: LocalAnswer = (state, _call, body) => {
  const schema = z.object({ Budget: z.object({ BudgetName: z.string() }), ResourceTags: tagList });
  const input = schema.safeParse(body);
  if (input.success) {
    const arn = `arn:aws:budgets::${state.account}:budget/${input.data.Budget.BudgetName}`;
    state.memory.budgetTags.set(arn, toMap(input.data.ResourceTags));
  }
  return undefined;
};

export const listBudgetTags: LocalAnswer = (state, _call, body) => {
  const input = z.object({ ResourceARN: z.string() }).safeParse(body);
  const tags = input.success ? (state.memory.budgetTags.get(input.data.ResourceARN) ?? {}) : {};
  const shown = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return jsonResponse({ ResourceTags: shown }, awsJson);
};

export const tagBudget: LocalAnswer = (state, _call, body) => {
  const input = z.object({ ResourceARN: z.string(), ResourceTags: tagList }).parse(body);
  const before = state.memory.budgetTags.get(input.ResourceARN);
  state.memory.budgetTags.set(input.ResourceARN, { ...before, ...toMap(input.ResourceTags) });
  return jsonResponse({}, awsJson);
};

export const untagBudget: LocalAnswer = (state, _call, body) => {
  const schema = z.object({ ResourceARN: z.string(), ResourceTagKeys: z.array(z.string()) });
  const input = schema.parse(body);
  const before = Object.entries(state.memory.budgetTags.get(input.ResourceARN) ?? {});
  const left = before.filter(([key]) => !input.ResourceTagKeys.includes(key));
  state.memory.budgetTags.set(input.ResourceARN, Object.fromEntries(left));
  return jsonResponse({}, awsJson);
};
