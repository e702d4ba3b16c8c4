import { literally } from "./literally.ts";

/** Matches whole texts that a pattern describes, in which `*` stands for any text. */
export const textPattern = (pattern: string): RegExp =>
  new RegExp(`^${pattern.split("*").map(literally).join(".*")}$`, "su");
