import { type Key, printable as plain } from "../../index.ts";

export { plain };

const grouped = new Intl.NumberFormat("en-US");

/** A count with thousands separators. */
export const count = (n: number) => grouped.format(n);

/** `1 row`, `1,204 rows`. */
export const some = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Keys as a person reads them: `id=1, id=2`, composite ones in parentheses, `…` where there are more than shown. */
export function samples(keys: readonly Key[], rows: number): string {
  const shown = keys.map((key) => {
    const parts = Object.entries(key).map(([column, value]) => `${column}=${value}`);
    return plain(parts.length > 1 ? `(${parts.join(", ")})` : (parts[0] ?? ""));
  });
  return [...shown, ...(rows > keys.length && keys.length > 0 ? ["…"] : [])].join(", ");
}

/** A word as a POSIX shell takes it. */
export const shellWord = (text: string) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
