/** A message that says what it is about, where it did not already. */
export const titled = (object: string, message: string): string =>
  message.includes(object) ? message : `${object}: ${message}`;
