const HIDDEN = "***";

/**
 * Text without the passwords of the URLs and connection strings in it: `postgres://ann:***@host/db`, `password=***`.
 * A password may contain `@`, `/` or `#` that its writer forgot to encode, so everything up to the last `@` of the
 * word is taken for it.
 */
export function redact(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s:@/'"]*):(\S*)@/gi, (_, scheme: string, user: string) => {
      return `${scheme}${user}:${HIDDEN}@`;
    })
    .replace(/([?&](?:password|sslpassword|token|secret)=)[^&\s'"]*/gi, `$1${HIDDEN}`)
    .replace(/\b(password|passwd|pwd)(\s*=\s*)(?!\*\*\*)('[^']*'|"[^"]*"|[^\s,;)]+)/gi, `$1$2${HIDDEN}`);
}
