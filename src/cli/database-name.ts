import { basename } from "node:path";

/** The name that a person knows a database by: the last part of its address, without folders and parameters. */
export function databaseName(url: string): string {
  const [address = ""] = url.split(/[?#]/);
  const path = address.replace(/^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/i, "");
  return decode(basename(path)) || "memory";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
