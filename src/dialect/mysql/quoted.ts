/** An identifier as it is written in SQL text. */
export const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;
