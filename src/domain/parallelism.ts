/** What one Terraform with a big provider was seen to take: about 640 MiB while it plans. */
const HEAVY_UNIT_BYTES = 700 * 1024 ** 2;
const UNITS_PER_CORE = 4;

/**
 * How many units run at once: what was asked for, else as many as memory holds, up to four per core.
 * A plan waits for its cloud most of the time, so cores are a soft bound and memory is a hard one.
 */
export function chooseParallelism(input: {
  readonly asked: number | undefined;
  readonly cores: number;
  readonly availableMemoryBytes: number;
}): number {
  if (input.asked !== undefined) return input.asked;
  const byMemory = Math.floor((input.availableMemoryBytes * 0.8) / HEAVY_UNIT_BYTES);
  return Math.max(1, Math.min(byMemory, input.cores * UNITS_PER_CORE));
}
