import type { SourceLocation } from "../model/finding.ts";
import { literally } from "../std/literally.ts";
import { locationOf, type Region, regionIn, regionOf, type SourceText } from "./definitions.ts";

/** Where classes of entities and their members are written. */
export interface Classes {
  readonly of: (name: string) => SourceLocation | null;
  /** Its decorators stand above it, so that the line is that of its name. */
  readonly member: (name: string, member: string) => SourceLocation | null;
}

/** Finds `class Name`, and entities that are defined by an object with `name: "Name"`. */
export function classesIn(texts: readonly SourceText[]): Classes {
  const region = (name: string): Region | null => {
    const plain = literally(name);
    return (
      regionOf(texts, new RegExp(String.raw`\bclass\s+${plain}\b`), /\n[^\n]*\bclass\s+\w+/) ??
      regionOf(
        texts,
        new RegExp(String.raw`(?<=[\n{,])[^\n]*\bname:\s*["'\`]${plain}["'\`]`),
        /\n[^\n]*\b(?:EntitySchema|defineEntity)\b/,
      )
    );
  };
  const pattern = (member: string) =>
    new RegExp(
      String.raw`(?<=[\n{;])[ \t]*(?:(?:public|private|protected|readonly|declare|async)\s+)*["']?${literally(member)}["']?\s*[!?:;=(<]`,
    );
  return {
    of: (name) => locationOf(region(name)),
    member: (name, member) =>
      locationOf(regionIn(region(name), pattern(member.split(".")[0] ?? member))) ?? locationOf(region(name)),
  };
}
