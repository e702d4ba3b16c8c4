/** One line of `doctor`: what was looked at, how it stands, what to do. */
export interface Diagnosis {
  readonly subject: string;
  readonly state: "ok" | "warning" | "problem";
  readonly message: string;
  readonly hint: string | null;
}
