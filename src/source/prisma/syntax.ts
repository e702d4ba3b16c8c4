import {
  type Assignment,
  type Attribute,
  type Block,
  type BlockAttribute,
  type Field,
  getSchema,
  type Model,
  PrismaParser,
  type Value,
  VisitorClassFactory,
} from "@mrleebo/prisma-ast";
import { OnDeleteError } from "../../error.ts";
import type { SourceLocation } from "../../model/finding.ts";
import type { SourceText } from "../definitions.ts";

export type { Field, Model } from "@mrleebo/prisma-ast";

/** A block of a schema, and the file that it stands in. */
export interface Placed<B extends Block = Block> {
  readonly block: B;
  readonly file: string;
}

const parser = new PrismaParser({ nodeLocationTracking: "full" });
const visitor = new (VisitorClassFactory(parser))();

/** @throws OnDeleteError `source-invalid` where a file is no Prisma schema */
export function blocksOf({ file, text }: SourceText): readonly Placed[] {
  try {
    return getSchema(withoutComments(text), { parser, visitor }).list.map((block) => ({ block, file }));
  } catch (cause) {
    throw unreadable(file, cause as Error & { readonly token?: Token });
  }
}

interface Token {
  readonly image: string;
  readonly startLine?: number;
}

/** The parser's own message lists all that could have stood there. */
function unreadable(file: string, cause: Error & { readonly token?: Token }): OnDeleteError {
  const { token, message } = cause;
  const place = token?.startLine ? `${file}:${token.startLine}` : file;
  const end = token?.image === "" ? "the end of the file" : "the end of the line";
  const found = token?.image.trim() ? `'${token.image}'` : end;
  const why = token ? `${found} is not expected there` : message;
  return new OnDeleteError("source-invalid", `The Prisma schema ${place} cannot be read: ${why}.`, {
    hint: "`npx prisma validate` says more.",
    cause,
  });
}

/** The parser takes comments, and spaces at ends of lines, in some places only. Lines keep their numbers. */
const withoutComments = (text: string): string =>
  text
    .replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (part) =>
      part.startsWith("/") ? part.replace(/[^\r\n]/g, " ") : part,
    )
    .replace(/[ \t]+(?=\r?\n|$)/g, "");

type AnyAttribute = Attribute | BlockAttribute;

export const attributeOf = (
  of: readonly AnyAttribute[] | undefined,
  name: string,
): AnyAttribute | undefined => of?.find((attribute) => attribute.name === name && !attribute.group);

/** The attributes of a model's own. */
export const blockAttributes = ({ properties }: Model): readonly BlockAttribute[] =>
  properties.filter((p): p is BlockAttribute => p.type === "attribute");

export const fieldsOf = ({ properties }: Model): readonly Field[] =>
  properties.filter((p): p is Field => p.type === "field");

/** An argument by its name, or the first one that has none. */
export function argument(
  attribute: AnyAttribute | undefined,
  key: string,
  unnamed: boolean,
): Value | undefined {
  for (const { value } of attribute?.args ?? []) {
    const keyed = isKeyed(value);
    if (keyed && value.key === key) return value.value;
    if (!keyed && unnamed) return value as Value;
  }
  return undefined;
}

const isKeyed = (value: unknown): value is { readonly key: string; readonly value: Value } =>
  typeof value === "object" && value !== null && (value as { type?: string }).type === "keyValue";

/** A text without its quotes; undefined for everything that is no text. */
export const textOf = (value: Value | undefined): string | undefined =>
  typeof value === "string" && value.startsWith('"') ? (JSON.parse(value) as string) : undefined;

/** `[a, b(sort: Desc)]`, or one name by itself, as names. */
export function namesOf(value: Value | undefined): readonly string[] {
  const list = typeof value === "object" && value !== null && "args" in value ? value.args : [value];
  return list.flatMap((one) =>
    typeof one === "string" ? [textOf(one) ?? one] : isCall(one) ? [String(one.name)] : [],
  );
}

const isCall = (value: unknown): value is { readonly name: unknown } =>
  typeof value === "object" && value !== null && (value as { type?: string }).type === "function";

/** What `map` of an attribute says, or the name in code. */
export const mapped = (attributes: readonly AnyAttribute[] | undefined, name: string): string =>
  textOf(argument(attributeOf(attributes, "map"), "name", true)) ?? name;

export const placeOf = (file: string, of: Field | Model): SourceLocation | null =>
  of.location?.startLine === undefined ? null : { file, line: of.location.startLine };

/** The blocks of a type, in their order. */
export const blocksOfType = <T extends Block["type"]>(
  blocks: readonly Placed[],
  type: T,
): readonly Placed<Extract<Block, { readonly type: T }>>[] =>
  blocks.filter((one): one is Placed<Extract<Block, { readonly type: T }>> => one.block.type === type);

/** A setting of the datasource; undefined where it is none of its own or no word or text. */
export function datasourceSetting(blocks: readonly Placed[], key: string): string | undefined {
  for (const { block } of blocksOfType(blocks, "datasource")) {
    const found = block.assignments.find((a): a is Assignment => a.type === "assignment" && a.key === key);
    if (found) return textOf(found.value) ?? (typeof found.value === "string" ? found.value : undefined);
  }
  return undefined;
}
