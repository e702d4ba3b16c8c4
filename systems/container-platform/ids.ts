import { customAlphabet } from "nanoid";

// Without `-` and `_`, so that an id is one word to a shell, an URL and whoever reads it aloud.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** For users, groups and projects: 20 characters. */
export const shortId: () => string = customAlphabet(ALPHABET, 20);

/** For all else: 21 characters. */
export const id: () => string = customAlphabet(ALPHABET, 21);
