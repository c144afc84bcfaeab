import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { HttpRequest, HttpResponse, HttpServer } from '../../host/http.ts';
import { answerChartRequest, isChartRequest } from '../charts/chart-repository.ts';
import { createControlPlanes, noControlPlanes } from '../cluster/control-planes.ts';
import { type AwsCall, readCall } from './aws-call.ts';
import { type AwsError, renderError } from './aws-error.ts';
import { answerControl, isControlPath, newControls } from './control.ts';
import { createEksService } from './eks-service.ts';
import { newMemory } from './emulator-memory.ts';
import { takeFault } from './faults.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { answerLocally } from './local-answers.ts';
import { patchResponse } from './response-patches.ts';
import { answerTokenReview, clusterOfReview, tokenReviewPath } from './token-reviews.ts';

/** Long enough for the slowest answer seen: managed policies of IAM, on a busy machine. */
const proxyTimeoutMs = 120_000;

/** Headers that belong to one connection and not to the message (RFC 9110, 7.6.1). */
const hopHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'te', 'upgrade'];

function withoutHeaders(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** The one address that stands for all of AWS: EKS is answered here, the rest by the emulator. */
export async function startGateway(host: Host, settings: GatewaySettings): Promise<HttpServer> {
  const controls = newControls();
  const memory = newMemory();
  const chartsDirectory = join(host.machine.packageDirectory, 'sandbox', 'charts');
  const controlPlanes =
    settings.kubernetes === undefined
      ? noControlPlanes
      : createControlPlanes(host, {
          sandboxDirectory: settings.sandboxDirectory,
          kubernetes: settings.kubernetes,
          emulatorPort: settings.emulatorPort,
          tokenReviewUrl: (key) => `http://127.0.0.1:${server.port}${tokenReviewPath(key)}`,
        });
  const eks = createEksService(host, settings, controls, controlPlanes);

  async function proxy(request: HttpRequest): Promise<HttpResponse> {
    const dropped = [...hopHeaders, 'content-length'];
    const response = await host.http.send(
      settings.emulatorPort,
      {
        ...request,
        headers: {
          ...withoutHeaders(request.headers, dropped),
          'content-length': String(request.body.length),
        },
      },
      proxyTimeoutMs,
    );
    // The length of what HEAD does not send is the only way to learn an object's size.
    const length = request.method === 'HEAD' ? [] : ['content-length'];
    return { ...response, headers: withoutHeaders(response.headers, [...hopHeaders, ...length]) };
  }

  async function answerAws(request: HttpRequest, call: AwsCall): Promise<HttpResponse> {
    const fault = takeFault(controls.faults, call);
    if (fault !== undefined) {
      controls.faults = fault.left;
      return renderError(call, fault.error);
    }
    if (call.service === 'eks') return eks.answer(request, call);
    const { account } = settings;
    const { quotas, account: callerAccount } = controls;
    const local = answerLocally({ account, callerAccount, quotas, memory }, call, request);
    return local ?? patchResponse({ account, memory }, call, request, await proxy(request));
  }

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const reviewed = clusterOfReview(request.path);
    if (reviewed !== undefined) {
      return answerTokenReview(host, settings.emulatorPort, eks.cluster(reviewed), request);
    }
    if (isControlPath(request.path)) {
      const shown = {
        health: { ...settings.identity, ready: true },
        clusters: controlPlanes.show(),
      };
      return answerControl(controls, shown, request);
    }
    if (isChartRequest(request)) {
      return answerChartRequest(host.files, chartsDirectory, request);
    }
    const call = readCall(request);
    const counted = `${call.service}.${call.operation}`;
    controls.calls[counted] = (controls.calls[counted] ?? 0) + 1;
    if (controls.latency.callMs > 0) await host.clock.sleep(controls.latency.callMs);
    try {
      return await answerAws(request, call);
    } catch (error) {
      host.terminal.writeErr(`${counted}: ${error instanceof Error ? error.stack : error}\n`);
      return renderError(call, gatewayFailure(error));
    }
  }

  const server = await host.http.serve(0, handle);
  return {
    port: server.port,
    async close() {
      await server.close();
      await controlPlanes.close();
    },
  };
}

/** 501 and not 500: SDKs retry a 500 for minutes, and asking again does not help here. */
function gatewayFailure(error: unknown): AwsError {
  const reason = error instanceof Error ? error.message : String(error);
  return { status: 501, code: 'SandboxFailure', message: `the sandbox failed: ${reason}` };
}
