/**
 * Gives every heading the anchor that GitHub gives it: lower case, without punctuation, spaces as hyphens, and a number
 * where another heading has the same.
 * @see https://github.com/Flet/github-slugger
 */
export function anchors(): (heading: string) => string {
  const given = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    while (given.has(anchor)) {
      const n = (given.get(slug) ?? 0) + 1;
      given.set(slug, n);
      anchor = `${slug}-${n}`;
    }
    given.set(anchor, 0);
    return anchor;
  };
}
