import { jsonResponse, renderError } from '../aws-error.ts';
import type { LocalAnswer } from './local-answer.ts';

/** `/2015-02-01/file-systems/ID/policy` */
function fileSystemOf(path: string): string {
  return path.split('/')[3] ?? '';
}

/** moto can put and show the policy of a file system, and fails with 500 when it is to delete it. */
export const deletePolicy: LocalAnswer = (state, call) => {
  state.memory.deletedPolicies.add(fileSystemOf(call.path));
  return jsonResponse({});
};

export const putPolicy: LocalAnswer = (state, call) => {
  state.memory.deletedPolicies.delete(fileSystemOf(call.path));
  return undefined;
};

export const describePolicy: LocalAnswer = (state, call) =>
  state.memory.deletedPolicies.has(fileSystemOf(call.path))
    ? renderError(call, {
        code: 'PolicyNotFound',
        message: 'The file system has no policy',
        status: 404,
      })
    : undefined;
