export function headArgs(): string[] {
  return ['rev-parse', '--verify', '--quiet', 'HEAD'];
}
