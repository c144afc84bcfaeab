import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import type { AwsCall } from './aws-call.ts';
import { renderError } from './aws-error.ts';
import type { EmulatorMemory } from './emulator-memory.ts';
import { rememberAuthorized, rememberModified, withDescriptions } from './rule-descriptions.ts';

export interface PatchState {
  readonly account: string;
  readonly memory: EmulatorMemory;
}

type Patch = (
  state: PatchState,
  call: AwsCall,
  request: HttpRequest,
  response: HttpResponse,
) => HttpResponse;

function withText(response: HttpResponse, text: string): HttpResponse {
  return { ...response, body: new TextEncoder().encode(text) };
}

function textOf(message: HttpRequest | HttpResponse): string {
  return new TextDecoder().decode(message.body);
}

const object = z.record(z.string(), z.unknown());

/** moto's file systems have no life cycle, owner, creation time, version and mount name; the provider waits for the first. */
function completeFileSystem(state: PatchState, fileSystem: Record<string, unknown>): object {
  const lustre = object.safeParse(fileSystem.LustreConfiguration);
  return {
    Lifecycle: 'AVAILABLE',
    OwnerId: state.account,
    CreationTime: 1_760_000_000,
    FileSystemTypeVersion: state.memory.fileSystemVersions.get(String(fileSystem.FileSystemId)),
    ...fileSystem,
    ...(lustre.success
      ? { LustreConfiguration: { MountName: 'fsx', DeploymentType: 'SCRATCH_1', ...lustre.data } }
      : {}),
  };
}

const describeFileSystems: Patch = (state, _call, _request, response) => {
  const body = z
    .object({ FileSystems: z.array(object) })
    .loose()
    .parse(JSON.parse(textOf(response)));
  const FileSystems = body.FileSystems.map((each) => completeFileSystem(state, each));
  return withText(response, JSON.stringify({ ...body, FileSystems }));
};

const createFileSystem: Patch = (state, _call, request, response) => {
  const asked = z
    .object({ FileSystemTypeVersion: z.string().optional() })
    .parse(JSON.parse(textOf(request)));
  const body = z
    .object({ FileSystem: object })
    .loose()
    .parse(JSON.parse(textOf(response)));
  if (asked.FileSystemTypeVersion !== undefined) {
    const id = String(body.FileSystem.FileSystemId);
    state.memory.fileSystemVersions.set(id, asked.FileSystemTypeVersion);
  }
  const FileSystem = completeFileSystem(state, body.FileSystem);
  return withText(response, JSON.stringify({ ...body, FileSystem }));
};

/** The provider's wait for a deletion begins minutes later; "it is gone" ends it at once, and it is gone. */
const deleteFileSystem: Patch = (_state, call) =>
  renderError(call, {
    code: 'FileSystemNotFound',
    message: 'The sandbox deletes file systems at once',
    status: 400,
  });

/** moto shows the tags of a launch template as if its data had them: a plan would never be clean. */
const describeLaunchTemplateVersions: Patch = (_state, _call, _request, response) =>
  withText(
    response,
    textOf(response).replace(
      /<item>\s*<resourceType>launch-template<\/resourceType>\s*<tagSet>.*?<\/tagSet>\s*<\/item>/gs,
      '',
    ),
  );

const authorizeRules: Patch = (state, _call, request, response) => {
  rememberAuthorized(state.memory, new URLSearchParams(textOf(request)), textOf(response));
  return withText(response, withDescriptions(state.memory, textOf(response)));
};

const modifyRules: Patch = (state, _call, request, response) => {
  rememberModified(state.memory, new URLSearchParams(textOf(request)));
  return response;
};

const describeRules: Patch = (state, _call, _request, response) =>
  withText(response, withDescriptions(state.memory, textOf(response)));

const patches: Readonly<Record<string, Patch>> = {
  'fsx.DescribeFileSystems': describeFileSystems,
  'fsx.CreateFileSystem': createFileSystem,
  'fsx.DeleteFileSystem': deleteFileSystem,
  'ec2.DescribeLaunchTemplateVersions': describeLaunchTemplateVersions,
  'ec2.AuthorizeSecurityGroupIngress': authorizeRules,
  'ec2.AuthorizeSecurityGroupEgress': authorizeRules,
  'ec2.ModifySecurityGroupRules': modifyRules,
  'ec2.DescribeSecurityGroupRules': describeRules,
};

/** What the emulator answered, with what it leaves out or adds put right. */
export function patchResponse(
  state: PatchState,
  call: AwsCall,
  request: HttpRequest,
  response: HttpResponse,
): HttpResponse {
  const patch = patches[`${call.service}.${call.operation}`];
  return patch === undefined || response.status !== 200
    ? response
    : patch(state, call, request, response);
}
