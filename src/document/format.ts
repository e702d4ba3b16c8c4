import { OnDeleteError } from "../error.ts";
import { DOCUMENT_FORMATS, type Documentation, type DocumentFormat } from "../model/documentation.ts";
import { dbml } from "./dbml.ts";
import { distinct } from "./distinct.ts";
import { dot } from "./dot.ts";
import { html } from "./html/html.ts";
import { markdown } from "./markdown/markdown.ts";
import { mermaid } from "./mermaid.ts";

type Writer = (documentation: Documentation) => string;

const WRITERS: Readonly<Record<DocumentFormat, Writer>> = {
  markdown,
  html,
  mermaid,
  dot,
  dbml,
  json: (documentation) => `${JSON.stringify(documentation, null, 2)}\n`,
};

/**
 * A documentation written down in a format.
 * @throws `usage` for a format that there is not
 */
export function formatted(documentation: Documentation, format: DocumentFormat): string {
  const writer = WRITERS[format];
  if (writer) return writer(format === "json" ? documentation : distinct(documentation));
  throw new OnDeleteError("usage", `There is no format ${format}.`, {
    hint: `Formats are ${DOCUMENT_FORMATS.join(", ")}.`,
  });
}
