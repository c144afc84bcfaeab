import { z } from 'zod';
import type { Host } from '../host/host.ts';
import type { SandboxInfo } from './info.ts';

const healthSchema = z.object({ bootId: z.string(), ready: z.literal(true) });

/**
 * `up`: our gateway answers. `hung`: our processes are there, the gateway gives no answer.
 * `gone`: nothing of ours is left, whatever now has the pid or the port.
 */
export type SandboxHealth = 'up' | 'hung' | 'gone';

export async function sandboxHealth(host: Host, info: SandboxInfo): Promise<SandboxHealth> {
  if (!host.processes.isAlive(info.gatewayPid)) return 'gone';
  const request = { method: 'GET', path: '/_platform/health', headers: {}, body: new Uint8Array() };
  try {
    const response = await host.http.send(info.gatewayPort, request, 5_000);
    const health = healthSchema.safeParse(JSON.parse(new TextDecoder().decode(response.body)));
    if (health.success && health.data.bootId === info.bootId) return 'up';
  } catch {
    // Nobody listens, or not an answer of ours.
  }
  // A pid is given out again some day; that the emulator's parent is the gateway is not.
  return host.processes.parentOf(info.emulatorPid) === info.gatewayPid ? 'hung' : 'gone';
}
