import type { Story } from "../support/story.ts";
import { columns } from "./columns.ts";
import { cycles } from "./cycles.ts";
import { diamonds } from "./diamonds.ts";
import { generated } from "./generated.ts";
import { keyTypes } from "./key-types.ts";
import { keys } from "./keys.ts";
import { mariadbCircles } from "./mariadb-circles.ts";
import { mariadbOnly } from "./mariadb-only.ts";
import { partitions } from "./partitions.ts";
import { policy } from "./policy.ts";
import { setDefault } from "./set-default.ts";
import { setNull } from "./set-null.ts";
import { spread } from "./spread.ts";

/** Every story told of few rows, for what must hold of each. */
export const smallStories: readonly Story[] = [
  ...diamonds,
  ...cycles,
  ...setNull,
  ...setDefault,
  ...spread,
  ...generated,
  ...keys,
  ...keyTypes,
  ...policy,
  ...columns,
  ...partitions,
  ...mariadbOnly,
  ...mariadbCircles,
].filter((s) => (s.rows.node ?? []).length < 100);
