/** Words, quoted names and texts whole, and every other sign. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}\p{N}_$]+|\s+|./gsu;

/** The conditions that a condition joins by AND, without the parentheses around them; itself alone where it joins none. */
export function conjuncts(condition: string): readonly string[] {
  const parts = bared(condition.match(PARTS) ?? []);
  const words = topWords(parts);
  const at = words.find(({ word }) => word === "and")?.at;
  if (at === undefined || words.some(({ word }) => OTHERS.has(word))) return [parts.join("").trim()];
  return [parts.slice(0, at), parts.slice(at + 1)].flatMap((side) => conjuncts(side.join("")));
}

/** Beside these, what stands around an AND is not what it joins. */
const OTHERS = new Set(["or", "xor", "between", "case"]);

function topWords(parts: readonly string[]): readonly { readonly word: string; readonly at: number }[] {
  let depth = 0;
  return parts.flatMap((part, at) => {
    depth += depthOf(part);
    return depth === 0 ? [{ word: part.toLowerCase(), at }] : [];
  });
}

const depthOf = (part: string): number => (part === "(" ? 1 : part === ")" ? -1 : 0);

/** Without parentheses that enclose all of it. */
function bared(parts: readonly string[]): readonly string[] {
  const first = parts.findIndex((p) => p.trim() !== "");
  const last = parts.findLastIndex((p) => p.trim() !== "");
  if (parts[first] !== "(" || parts[last] !== ")") return parts;
  let depth = 0;
  for (let at = first; at < last; at++) {
    depth += depthOf(parts[at] ?? "");
    if (depth === 0) return parts;
  }
  return bared(parts.slice(first + 1, last));
}
