/** Tag of a container image, also where a digest follows it; undefined where it has none. */
export function imageTag(image: string): string | undefined {
  const [name = ''] = image.split('@');
  return /:([^/:]+)$/.exec(name)?.[1];
}
