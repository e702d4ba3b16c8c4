/** Why something cannot be proven here, as words that follow `because`. Thrown by what makes rows, and told in the certificate. */
export class Unprovable extends Error {}
