import { OnDeleteError } from "../index.ts";

/** A model of a Prisma schema. */
export interface PrismaModel {
  readonly name: string;
  /** The table that it is stored in, and where. */
  readonly table: string;
  readonly namespace: string | null;
  readonly fields: readonly PrismaField[];
}

export interface PrismaField {
  readonly name: string;
  /** Null where it is a relation. */
  readonly column: string | null;
  /** A scalar type, an enum, or the name of the model that a relation leads to. */
  readonly type: string;
  readonly many: boolean;
  readonly optional: boolean;
}

/** What a Prisma client knows of its schema, at run time and without its types. */
interface Described {
  readonly _runtimeDataModel?: { readonly models: Readonly<Record<string, RuntimeModel>> };
  readonly _engineConfig?: { readonly inlineSchema?: string };
}

interface RuntimeModel {
  readonly dbName?: string | null;
  readonly schema?: string | null;
  readonly fields: readonly RuntimeField[];
}

interface RuntimeField {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  readonly dbName?: string | null;
}

/** @throws OnDeleteError `unsupported` where the client does not say what its models are */
export function modelsOf(client: object): readonly PrismaModel[] {
  const { _runtimeDataModel: known, _engineConfig: config } = client as Described;
  const schema = config?.inlineSchema;
  if (!known || schema === undefined) {
    throw new OnDeleteError("unsupported", "This Prisma client does not say what its models are.", {
      hint: "Give a PrismaClient of Prisma 7, or one extended by $extends.",
    });
  }
  return Object.entries(known.models).map(([name, model]) => ({
    name,
    table: model.dbName ?? name,
    namespace: model.schema ?? null,
    fields: model.fields.map((field) => fieldOf(field, block(schema, name))),
  }));
}

/** How many there are of a field is told by the schema alone: `runs Run[]`, `gone DateTime?`. */
function fieldOf({ name, kind, type, dbName }: RuntimeField, lines: string): PrismaField {
  const [, mark] = new RegExp(String.raw`^\s*${name}\s+${type}(\[\]|\?)?`, "m").exec(lines) ?? [];
  const column = kind === "object" ? null : (dbName ?? name);
  return { name, column, type, many: mark === "[]", optional: mark === "?" };
}

const block = (schema: string, model: string): string =>
  new RegExp(String.raw`^\s*model\s+${model}\s*\{([\s\S]*?)^\s*\}`, "m").exec(schema)?.[1] ?? "";
