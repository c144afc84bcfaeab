import { z } from 'zod';
import type { Host } from '../host/host.ts';

const infoSchema = z.object({
  schema: z.literal(1),
  /** Made at each start: tells our gateway from whatever else got its port or its pid later. */
  bootId: z.string(),
  gatewayPid: z.number().int().positive(),
  gatewayPort: z.number().int().positive(),
  emulatorPid: z.number().int().positive(),
  emulatorPort: z.number().int().positive(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  account: z.string(),
  region: z.string(),
  /** State buckets made so far. */
  buckets: z.array(z.string()).readonly(),
  versions: z.object({
    emulator: z.string(),
    /** Folder of the programs that control planes are made of; none are made without. */
    kubernetes: z.string().optional(),
  }),
});

export type SandboxInfo = z.infer<typeof infoSchema>;

function infoPath(directory: string): string {
  return `${directory}/sandbox.json`;
}

/** Undefined when no sandbox was started here, or the file is damaged: then there is nothing to find again. */
export async function readSandboxInfo(
  host: Host,
  directory: string,
): Promise<SandboxInfo | undefined> {
  const text = await host.files.read(infoPath(directory));
  if (text === undefined) return undefined;
  try {
    return infoSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function writeSandboxInfo(
  host: Host,
  directory: string,
  info: SandboxInfo,
): Promise<void> {
  const text = `${JSON.stringify(info, null, 2)}\n`;
  await host.files.writeAtomic(infoPath(directory), text, { mode: 0o600 });
}

export async function removeSandboxInfo(host: Host, directory: string): Promise<void> {
  await host.files.remove(infoPath(directory));
}
