import { tellOnEachVariant } from "../support/tell.ts";
import { postgresOnly } from "./postgres-only.ts";

tellOnEachVariant(postgresOnly);
