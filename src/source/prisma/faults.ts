import { OnDeleteError } from "../../error.ts";
import { someTables } from "../source.ts";
import { blocksOfType, fieldsOf, type Model, type Placed, placeOf } from "./syntax.ts";

const SCALARS = ["BigInt", "Boolean", "Bytes", "DateTime", "Decimal", "Float", "Int", "Json", "String"];

/**
 * What would be read wrongly, in silence: a schema of which a part is elsewhere, or is there twice.
 *
 * @throws OnDeleteError `source-invalid` with the place
 */
export function refuseFaults(path: string, blocks: readonly Placed[]): void {
  const models = someTables(
    `The Prisma schema ${path} defines no model`,
    blocksOfType(blocks, "model"),
    "Where the schema has several files, name their folder.",
  );
  const known = new Map<string, Placed<Model>>();
  for (const one of models) {
    const first = known.get(one.block.name);
    if (first) throw twice(first, one);
    known.set(one.block.name, one);
  }
  const types = new Set([...SCALARS, ...blocks.flatMap(({ block }) => ("name" in block ? block.name : []))]);
  for (const one of models) refuseUnknownTypes(one, types);
}

function twice(first: Placed<Model>, second: Placed<Model>): OnDeleteError {
  return new OnDeleteError(
    "source-invalid",
    `The Prisma model ${second.block.name} is defined twice, at ${at(first, first.block)} and at ${at(second, second.block)}.`,
    {
      hint: "A generator may have put its copy of the schema into the folder; name the file or another folder.",
    },
  );
}

function refuseUnknownTypes(one: Placed<Model>, types: ReadonlySet<string>): void {
  for (const field of fieldsOf(one.block)) {
    const { name, fieldType } = field;
    if (typeof fieldType !== "string" || types.has(fieldType)) continue;
    throw new OnDeleteError(
      "source-invalid",
      `The field ${name} of the Prisma model ${one.block.name} at ${at(one, field)} has the type ${fieldType}, which the schema does not define.`,
      { hint: "Where the schema has several files, name their folder. `npx prisma validate` says more." },
    );
  }
}

/** `file:line`, as far as it is known. */
export function at({ file }: Pick<Placed, "file">, of: Parameters<typeof placeOf>[1]): string {
  const line = placeOf(file, of)?.line;
  return line === undefined ? file : `${file}:${line}`;
}
