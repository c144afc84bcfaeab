const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * Whole GiB that hold a quantity of
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/; undefined for
 * what is none (the API server has refused it then) and for exponents, which nobody writes.
 */
export function gibibytesOf(quantity: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = factors[suffix];
  if (digits === undefined || factor === undefined) return undefined;
  return Math.max(1, Math.ceil((Number(digits) * factor) / 2 ** 30));
}
