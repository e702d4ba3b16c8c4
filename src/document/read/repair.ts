/** What Windows-1252 has in the places where Latin-1 has control characters. */
const SPECIAL = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const RUN = new RegExp(`[\\u0080-\\u00ff${SPECIAL}]{2,}`, "gu");

const byteOf = (c: string): number => {
  const place = SPECIAL.indexOf(c);
  return place >= 0 ? 0x80 + place : (c.codePointAt(0) ?? 0);
};

/**
 * Text as it was meant where UTF-8 was once read as Windows-1252 (`â”œâ”€` is `├─`): every run of characters that are
 * UTF-8 when they are turned back into bytes; all else stays.
 * @see https://encoding.spec.whatwg.org/#windows-1252
 */
export function repaired(text: string): string {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  return text.replace(RUN, (run) => {
    try {
      return utf8.decode(Uint8Array.from([...run], byteOf));
    } catch {
      return run;
    }
  });
}
