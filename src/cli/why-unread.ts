/** Why a file could not be read or parsed, without the words of the system call where the cause is a plain one. */
export function whyUnread(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return code === "EACCES" ? "it may not be read" : message;
}
