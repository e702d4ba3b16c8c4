import { tellOnEachVariant } from "../support/tell.ts";
import { columns } from "./columns.ts";

tellOnEachVariant(columns);
