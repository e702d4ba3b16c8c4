import type { Key } from "../../index.ts";

const grouped = new Intl.NumberFormat("en-US");

/** A count with thousands separators. */
export const count = (n: number) => grouped.format(n);

/** `1 row`, `1,204 rows`. */
export const some = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Text from a database without the control characters that could steer a terminal. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

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
